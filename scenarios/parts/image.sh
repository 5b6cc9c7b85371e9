# shellcheck shell=sh
# A container image from the machine's own busybox: no registry has a say in a verdict.

# make_image NAME FILE [COMMAND]: writes an archive as `docker save` does. Every containerd imports it; NAME is its tag,
# COMMAND (a JSON list) what a container of it runs unless told otherwise.
make_image() {
  image_tag=$1 image_file=$2 image_command=${3:-'["/bin/sh"]'}
  image_work=$(mktemp -d)
  mkdir -p "$image_work/root/bin" "$image_work/root/etc" "$image_work/root/tmp" "$image_work/root/proc" \
    "$image_work/root/sys" "$image_work/root/dev" "$image_work/archive"

  cp "$(command -v busybox)" "$image_work/root/bin/busybox"
  chroot "$image_work/root" /bin/busybox --install -s /bin
  echo 'root:x:0:0:root:/root:/bin/sh' >"$image_work/root/etc/passwd"
  echo 'root:x:0:' >"$image_work/root/etc/group"
  tar -C "$image_work/root" --numeric-owner -cf "$image_work/archive/layer.tar" .

  case $(uname -m) in aarch64) image_arch=arm64 ;; *) image_arch=amd64 ;; esac
  image_layer=$(busybox sha256sum "$image_work/archive/layer.tar" | cut -d ' ' -f 1)
  cat >"$image_work/archive/config.json" <<JSON
{"architecture": "$image_arch", "os": "linux", "config": {"Env": ["PATH=/bin"], "Cmd": $image_command},
 "rootfs": {"type": "layers", "diff_ids": ["sha256:$image_layer"]}, "history": [{"created_by": "katafarm"}]}
JSON
  cat >"$image_work/archive/manifest.json" <<JSON
[{"Config": "config.json", "RepoTags": ["$image_tag"], "Layers": ["layer.tar"]}]
JSON
  tar -C "$image_work/archive" -cf "$image_file" manifest.json config.json layer.tar
  rm -rf "$image_work"
}

import { mark } from './way.ts';

/** Where a farm's guard has its folder on a machine: in memory, gone with a reboot. */
const folders = '/run/katafarm-';
/** Where scenarios work, and what containers of the farm's are called by. */
const workplace = '/var/tmp/katafarm';
const namespace = 'katafarm';

/** A guard that was not heard of for so long has lost its farm, though the connection may not know. */
export const silentMinutes = 2;
/** How often it is told that its farm is there. */
export const beatMs = 10_000;

/** A token stands in a pattern and in a path. */
const plainToken = /^[a-z0-9.]+$/;

function checked(token: string): string {
  if (!plainToken.test(token)) {
    throw new TypeError(`cannot use ${token} as a token`);
  }
  return token;
}

/** Shell functions: what ends processes by their mark, and removes what scenarios leave. */
const functions = `
marked() {
  if echo | grep -qz '' 2>/dev/null; then
    grep -lzs -e "^${mark}=$1" /proc/[0-9]*/environ
  else
    for environ in /proc/[0-9]*/environ; do
      tr '\\0' '\\n' <"$environ" 2>/dev/null | grep -q -e "^${mark}=$1" && echo "$environ"
    done
  fi
}
end_marked() {
  for round in 1 2 3 4 5; do
    found=
    for environ in $(marked "$1"); do
      pid=\${environ#/proc/}; pid=\${pid%/environ}
      found=yes
      [ "$round" != 1 ] || echo "process $pid: $(tr '\\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | cut -c1-80)"
      kill -KILL "$pid" 2>/dev/null
    done
    [ -n "$found" ] || break
  done
}
end_containers() {
  command -v ctr >/dev/null && [ -S /run/containerd/containerd.sock ] || return 0
  ctr namespaces ls -q 2>/dev/null | grep -qx ${namespace} || return 0
  for task in $(ctr -n ${namespace} tasks ls -q); do
    echo "container $task"
    ctr -n ${namespace} tasks kill -s KILL "$task" >/dev/null 2>&1; ctr -n ${namespace} tasks rm -f "$task" >/dev/null 2>&1
  done
  for one in $(ctr -n ${namespace} containers ls -q); do ctr -n ${namespace} containers rm "$one" >/dev/null 2>&1; done
  for one in $(ctr -n ${namespace} snapshots ls | awk 'NR > 1 && $NF != "Committed" { print $1 }'); do
    ctr -n ${namespace} snapshots rm "$one" >/dev/null 2>&1
  done
  for one in $(ctr -n ${namespace} images ls -q); do ctr -n ${namespace} images rm --sync "$one" >/dev/null 2>&1; done
  ctr namespaces rm ${namespace} >/dev/null 2>&1 || :
}
remove_work() {
  for mounted in $(awk '$2 ~ "^${workplace}" { print $2 }' /proc/mounts | sort -r); do umount -l "$mounted"; done
  [ ! -e ${workplace} ] || { echo "${workplace}"; rm -rf --one-file-system ${workplace} 2>/dev/null || rm -rf ${workplace}; }
}
clean() { end_marked "$1"; end_containers; remove_work; }
`;

/** Ends and removes what a cell left; says what that was, a line each. Pure. */
export function cleaning(token: string): string {
  return `${functions}\nclean ${checked(token)}`;
}

/**
 * What earlier, dead farms left is ended and removed: a line `reaped …` for each. A farm that is at work has a guard that
 * was heard of: `busy`; but for `own`, which lost its way. Nothing is touched that is not named by us. Pure.
 */
export function reaping(own: string): string {
  return `${functions}
for folder in ${folders}*; do
  [ -d "$folder" ] || continue
  token=\${folder#${folders}}
  case $token in *[!a-z0-9]*) continue ;; esac
  guard=$(cat "$folder/guard" 2>/dev/null || :)
  here=
  [ -z "$guard" ] || ! tr '\\0' ' ' <"/proc/$guard/cmdline" 2>/dev/null | grep -q -F -e "$folder" || here=yes
  if [ -n "$here" ] && [ "$token" != ${checked(own)} ] && [ -z "$(find "$folder/beat" -mmin +${silentMinutes} 2>/dev/null)" ]; then
    echo busy
    continue
  fi
  [ -z "$here" ] || kill -KILL "$guard" 2>/dev/null
  clean "$token[.]" | sed 's/^/reaped /'
  rm -rf "$folder"
  echo "reaped $folder"
done`;
}

/**
 * Runs as long as its farm does, and is the farm's last will: once its input ends, by whatever death of the farm or of
 * the way to it, what the farm has begun there is ended and removed. Says `ready`. Pure.
 */
export function guarding(token: string): string {
  const folder = `${folders}${checked(token)}`;
  return `${functions}
umask 077
trap '' HUP INT TERM PIPE
mkdir ${folder} || exit 70
echo $$ >${folder}/guard
: >${folder}/beat
echo ready
while read -r _; do : >${folder}/beat; done
clean '${token}[.]' >/dev/null 2>&1
rm -rf ${folder}`;
}

/** What a machine is, as pairs: asked before anything else, by whoever logs in. Pure. */
export const asking = `
echo "user=$(id -u)"
echo "machine=$(uname -m)"
echo "kernel=$(uname -r)"
echo "virtualisation=$(systemd-detect-virt 2>/dev/null || :)"
echo "memory=$(awk '$1 == "MemTotal:" { print int($2 / 1024) }' /proc/meminfo)"
cat /etc/machine-id 2>/dev/null | sed 's/^/id=/'
sed 's/^/os./' /etc/os-release 2>/dev/null || sed 's/^/os./' /usr/lib/os-release`;

#!/bin/sh
# Runs katafarm on the packages under test, in the versions that are installed here.
#
#   KATAFARM_PACKAGES  names of packages (default: every package of the spec files in this repository)
#   KATAFARM           the command (default: katafarm on PATH); where there is none, the test is skipped
#   KATAFARM_RELEASE   the release (default: that of this guest), as katafarm list distros names it
#   KATAFARM_OPTIONS   more for katafarm run, as: --stack qemu --scenario vmm.*
#   KATAFARM_EMULATE   yes: without hardware that nests, run by emulation, which takes hours
#
# The result is in results.yaml: pass, fail, skip (nothing can be said here), error (a mistake in the command).
set -eu

katafarm=${KATAFARM:-katafarm}
data=${TMT_TEST_DATA:-$PWD}
tree=${TMT_TREE:-$PWD}

# result WORD NOTE [LOG...]: what tmt is told; paths of logs are below its folder of data.
result() {
  word=$1 note=$2
  shift 2
  {
    echo '- name: /'
    echo "  result: $word"
    echo "  note: [\"$note\"]"
    [ $# -eq 0 ] || echo '  log:'
    for log; do echo "    - $log"; done
  } >"$data/results.yaml"
  echo "$word: $note"
  exit 0
}

release_here() {
  . "${OS_RELEASE:-/etc/os-release}"
  echo "$ID-${VERSION_ID:-rawhide}"
}

command -v "$katafarm" >/dev/null || result skip "there is no $katafarm here"
releases=$("$katafarm" list distros) || result skip "$katafarm does not run here"
release=${KATAFARM_RELEASE:-$(release_here)}
echo "$releases" | grep -q "^$release " || result skip "katafarm knows no release $release"
if [ "${KATAFARM_EMULATE:-no}" != yes ]; then
  [ -c "${KVM_DEVICE:-/dev/kvm}" ] || result skip 'this guest has no /dev/kvm'
  cat "${KVM_PARAMETERS:-/sys/module}"/kvm_*/parameters/nested 2>/dev/null | grep -q '[1Yy]' ||
    result skip 'this guest can not nest virtual machines'
fi

names=${KATAFARM_PACKAGES:-}
if [ -z "$names" ]; then
  for spec in "$tree"/*.spec; do
    [ ! -e "$spec" ] || names="$names $(rpmspec -q --qf '%{NAME} ' "$spec")"
  done
fi
mkdir -p "$data/packages"
for name in $names; do
  build=$(rpm -q --qf '%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}' "$name" 2>/dev/null) || continue
  dnf download --destdir "$data/packages" "$build" || result error "$build can not be downloaded"
done
set -- "$data"/packages/*.rpm
[ -e "$1" ] || result error 'no package under test is installed here: name them by KATAFARM_PACKAGES'

status=0
# shellcheck disable=SC2086
"$katafarm" run "$release" ${KATAFARM_OPTIONS:-} --with-package "$@" --yes --out "$data/runs" || status=$?

# The first one is what tmt shows.
logs=$(cd "$data" && for log in runs/*/differences.md runs/*/summary.md runs/*/junit.xml runs/*/journal.jsonl; do
  [ ! -e "$log" ] || echo "$log"
done)
case $status in
  # shellcheck disable=SC2086
  0) result pass 'nothing is newly red' $logs ;;
  # shellcheck disable=SC2086
  1) result fail 'something is newly red: see differences.md' $logs ;;
  # shellcheck disable=SC2086
  3) result skip 'katafarm could not do its work, which says nothing of the package' $logs ;;
  *) result error "katafarm ended with status $status" ;;
esac

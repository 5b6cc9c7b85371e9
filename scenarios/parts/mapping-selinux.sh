# shellcheck shell=sh
# SELinux labels of a pod's processes in the machine. Needs machine.sh and kata.sh.

# labels_of runc|kata POD SINCE: the label that the engine asked for, those of the pod's first process or its VMM and of
# its virtiofsd, and how much was denied since. A label that could not be set is no error to who starts a process.
labels_of() {
  labels_pid=$(ctr -n k8s.io tasks ls | sed -n "s/^$2 *\([0-9]*\) .*/\1/p")
  [ "$1" = runc ] || labels_pid=$(vmm_of "$2" | head -n 1)
  [ -n "$labels_pid" ] || fail "the pod $2 has no process in the machine"
  echo "asked=$(ctr -n k8s.io containers info "$2" | sed -n 's/.*"selinuxLabel": "\([^"]*\)".*/\1/p' | head -n 1)"
  echo "process=$(tr -d '\0' <"/proc/$labels_pid/attr/current")"
  for labels_fsd in $(virtiofsd_of "$2" | head -n 1); do
    echo "virtiofsd=$(tr -d '\0' <"/proc/$labels_fsd/attr/current")"
  done
  journalctl --no-pager --boot --since "$3" --output cat >labels.journal 2>/dev/null || true
  grep -E 'avc: +denied' labels.journal | grep 'permissive=0' >denied.log || true
  show 'what SELinux denied' denied.log
  echo "denied=$(wc -l <denied.log | tr -d ' ')"
}

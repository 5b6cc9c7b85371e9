# shellcheck shell=sh
# What the machine's journal says since a moment. Needs machine.sh.

# remember_logs: the moment is now.
remember_logs() {
  journalctl --no-pager --quiet --lines 1 --show-cursor --output cat | sed -n 's/^-- cursor: //p' >cursor
  [ -s cursor ] || farm_error "the machine's journal has no place to begin at"
}

# since OPTION...: the first line of each entry, without its time and name; journalctl indents the others.
since() {
  journalctl --no-pager --quiet --after-cursor "$(cat cursor)" --output short-monotonic "$@" |
    grep -v '^ ' | sed -E 's/^\[[^]]*\] [^ ]+ [^ ]+: //' || true
}

# new_logs: by section. Kata's shim logs under its own name; its panics, which it also writes to the kernel's log, it may
# not live to log. Denials come from the kernel or the audit daemon.
new_logs() {
  echo '== kata'
  since --identifier kata --priority err
  echo '== containerd'
  since --unit containerd | grep -E 'level=(error|fatal|panic)' || true
  echo '== kernel'
  since --dmesg | grep -E 'A panic occurred at|BUG: |Oops|general protection fault|segfault at|Out of memory|blocked for more than' || true
  echo '== denials'
  { since --dmesg; since _TRANSPORT=audit; } | grep -E 'apparmor="DENIED"|avc: +denied' | sort -u || true
  echo '== spoken'
  since --identifier kata | wc -l
}

# shellcheck shell=sh
# Texts that are shown to people as they ran. Needs machine.sh.

# Of a log, the lines that are likely to say what is wrong.
complaints='^(error|ERROR|E:|FAILED|fatal)|(error|ERROR|fatal error): |[Ff]ailed to |No space left|Killed|signal: [0-9]+|requires rustc|not supported by'

# run_text NAME TEXT: runs a text as it stands, in this folder, by a shell of its own, and tells of it as it goes on.
# Prints its status and seconds, and of what it printed itself the lines that matter, or all of it where that is short.
run_text() {
  text_name=$1 text_status=0 text_begun=$(seconds_up)
  printf '%s\n' "$2" >"$text_name.text"
  sh -eu "./$text_name.text" >"$text_name.log" 2>&1 </dev/null &
  text_pid=$!
  wait_for "$text_name" "text_seen $text_name.log" gone "$text_pid"
  wait "$text_pid" || text_status=$?
  echo "status=$text_status"
  echo "seconds=$(($(seconds_up) - text_begun))"
  echo '--- what it printed'
  if [ "$text_status" -eq 0 ]; then
    tail -n 200 "$text_name.log"
    return
  fi
  grep -E "$complaints" "$text_name.log" | head -n 40 | cut -c1-400 || true
  tail -n 80 "$text_name.log" | cut -c1-400
}

# What a build's log says last, by lines that may be very long.
text_seen() { tail -n 1 "$1" | cut -c1-120; }

# free_mib: of the disk that this folder is on.
free_mib() { df -Pm . | awk 'NR == 2 { print $4 }'; }

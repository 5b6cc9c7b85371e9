# shellcheck shell=sh
# What the mapping scenarios run in the container, by its busybox. The machine's side uses the names, too.

# said PROBE COMMAND...: its output, or the last words of its error.
said() {
  said_probe=$1
  shift
  if said_text=$("$@" 2>&1); then :; else said_text=${said_text##*: }; fi
  printf '%s=%s\n' "$said_probe" "$said_text"
}

made() { : >"$1"; }

# agree PROBE ONE OTHER: whether two texts are the same.
agree() {
  if [ "$2" = "$3" ]; then echo "$1=same"; else echo "$1=different"; fi
}

# --- mapping.uidgid, as 1234:4321 but for by_root and in_user_namespace

ids() {
  for ids_file in /m/*-0640 /m/*-4755; do
    echo "seen.${ids_file#/m/}=$(stat -c '%u:%g %a' "$ids_file")"
  done
  said read.own cat /m/1234-0640
  said read.others cat /m/0-0640
  made /m/made/file
  mkdir /m/made/folder
  made /m/made/setuid
  chmod 4755 /m/made/setuid
  said made.in-others made /m/made-here
  # Real, effective, saved and filesystem's: busybox gives the effective one back, and the saved one tells of it.
  echo "setuid.runs=$(/m/busybox grep '^Uid:' /proc/self/status | tr -s '\t' ' ')"
}

by_root() {
  made /m/made/given
  chown 7:8 /m/made/given
  said seen.given stat -c %u:%g /m/made/given
}

in_user_namespace() {
  echo "userns.map=$(tr -s ' ' </proc/self/uid_map)"
  echo "userns.id=$(id -u):$(id -g)"
  said userns.seen stat -c %u:%g /m/own
  said userns.makes made /m/made
}

# --- mapping.filenames

name_kinds='longest composed decomposed newline tab dashes space byte capital small'
# 238 bytes and Kata's `sandbox-XXXXXXXX-` make 255.
source_kinds='long composed decomposed newline tab dashes space comma'

name_of() {
  case $1 in
    longest) printf '%0255d' 0 ;;
    long) printf '%0238d' 0 ;;
    composed) printf 'caf\303\251' ;;
    decomposed) printf 'cafe\314\201' ;;
    newline) printf 'line\nfeed' ;;
    tab) printf 'a\tb' ;;
    dashes) printf '%s' -- ;;
    space) printf 'trailing ' ;;
    comma) printf 'a,b' ;;
    byte) printf 'byte-\377' ;;
    capital) printf 'A' ;;
    small) printf 'a' ;;
  esac
}

# make_names FOLDER KIND...: a file of each name, which says its kind.
make_names() {
  make_folder=$1
  shift
  for make_kind; do echo "$make_kind" >"$make_folder/$(name_of "$make_kind")"; done
}

# read_names PROBE FOLDER KIND...: what is found at each name.
read_names() {
  read_probe=$1 read_folder=$2
  shift 2
  for read_kind; do said "$read_probe.$read_kind" cat "$read_folder/$(name_of "$read_kind")"; done
}

# listing FOLDER: a digest of all names in it, as bytes.
listing() { (cd "$1" && find . -print0 | sort -z | sha256sum | cut -d ' ' -f 1); }

# mounted KIND...: what is found in the folder that each name's was mounted at.
mounted() {
  for mounted_kind; do said "source.$mounted_kind" cat "/s/$mounted_kind/kind"; done
}

import { posixQuote } from '../../machine/quote.ts';
import type { OverlayOrder } from './manager.ts';

/** Where in a machine an overlay's files are. */
export const folder = '/var/tmp/katafarm-overlay';

/** Exit statuses of the script, by what could not be done. */
export const stages = { index: 21, resolve: 22, fetch: 23, install: 24, nothing: 25, kernel: 26 } as const;

/**
 * In this order, as each step tells something apart: the index and the download are the mirror's, what can't be resolved
 * or configured is the packages'. An index that can't be read ends nothing yet: a package may need nothing of it.
 */
export const aptScript = ({ files, sources, suites, parts }: OverlayOrder) => `
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
mkdir -p ${folder}; cd ${folder}
pins=/etc/apt/preferences.d/katafarm-overlay
versions() { dpkg-query -W -f '\${db:Status-Abbrev} \${Package} \${Version}\\n' | sed -n 's/^ii  *//p'; }
# get STATUS WORDS...: apt-get; what it says is kept, and told.
get() {
  status=$1; shift
  if apt-get -o Dpkg::Options::=--force-confold "$@" >log 2>&1 </dev/null; then cat log >&2; return 0; fi
  cat log >&2; return "$status"
}
# newer FILE: what the sources of this file have newer than what is installed, as NAME=VERSION.
newer() {
  apt-get indextargets --format '$(SOURCESENTRY) $(FILENAME)' 'Identifier: Packages' |
    sed -n "s#^$1:[0-9]* ##p" | while read -r index; do /usr/lib/apt/apt-helper cat-file "$index"; echo; done |
    awk 'NR == FNR { have[$1] = $2; next }
      /^Package: / { name = $2 } /^Version: / { version = $2 }
      /^$/ { if (name in have && version != have[name]) print name, have[name], version; name = "" }' before - |
    while read -r name have version; do
      ! dpkg --compare-versions "$version" gt "$have" || echo "$name $version"
    done | sort -u >offered
  while read -r name version; do
    best=$(sed -n "s/^$name //p" offered | while read -r one; do
      dpkg --compare-versions "$one" gt "$version" && echo "$one"; done || :)
    [ -n "$best" ] || echo "$name=$version"
  done <offered
}

versions >before
sed 's/^/before /' before
: >asked; : >left
n=0
for line in ${words(sources)}; do
  n=$((n + 1)); echo "$line" >/etc/apt/sources.list.d/katafarm-overlay-$n.list
done
suited=no
own=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null | sed -n '/^deb /{p;q;}')
for suite in ${words(suites)}; do
  [ -n "$own" ] || { echo 'no line of /etc/apt/sources.list names the release' >&2; exit 1; }
  # deb [OPTIONS] MIRROR SUITE COMPONENT...
  mine=$(echo "$own" | sed 's/\\[[^]]*\\]//' | { read -r deb mirror suite rest; echo "$suite"; })
  case $suite in proposed-updates|updates|backports|backports-sloppy|security) suite=$mine-$suite ;; esac
  echo "$own" | sed "s# $mine # $suite #" >"/etc/apt/sources.list.d/katafarm-suite-$suite.list"
  suited=yes
done

indexed=yes
get ${stages.index} -o Acquire::Languages=none -o APT::Update::Error-Mode=any update || indexed=no
echo "indexed $indexed"
[ $indexed = yes ] || [ $n$suited = 0no ] || exit ${stages.index}
: >"$pins"
for list in /etc/apt/sources.list.d/katafarm-overlay-*.list; do
  [ ! -e "$list" ] || newer "$list" >>left
done
for list in /etc/apt/sources.list.d/katafarm-suite-*.list; do
  [ -e "$list" ] || continue
  suite=\${list##*/katafarm-suite-}; suite=\${suite%.list}
  newer "$list" >found
  # A repository of this kind is for single packages, by what its own index says: the parts of the stacks are taken.
  if grep -qs '^NotAutomatic: yes' /var/lib/apt/lists/*_dists_"$suite"_*Release; then
    for part in ${words(parts)}; do grep "^$part=" found || :; done >>left
    printf 'Package: *\\nPin: release %s=%s\\nPin-Priority: 990\\n\\n' a "$suite" n "$suite" >>"$pins"
  else
    cat found >>left
  fi
done
# Machines boot the image's kernel, whatever is installed.
grep '^linux-\\(image\\|headers\\)-' left | sed 's/^/left-out /' || :
names=$(grep -v '^linux-\\(image\\|headers\\)-' left | sort -u || :)
files=${posixQuote(files.join(' '))}
for file in $files; do dpkg-deb -f "$file" Package >>asked; done
echo "$names" | sed -n 's/=.*//p' >>asked
sed 's/^/asked /' asked
[ -n "$files$names" ] || exit ${stages.nothing}

echo "to be installed: $files" $names >&2
how='--yes --allow-downgrades'
[ -z "$files" ] || how="$how --reinstall"
get ${stages.resolve} --simulate $how install $files $names || exit ${stages.resolve}
! grep '^Inst linux-image-' log >&2 || exit ${stages.kernel}
get ${stages.fetch} --download-only $how install $files $names || exit ${stages.fetch}
get ${stages.install} $how install $files $names || exit ${stages.install}
versions | sed 's/^/after /'
apt-get clean
rm -f "$pins" $files before asked left found offered log
sync
`;

const words = (items: readonly string[]) => items.map((item) => posixQuote(item)).join(' ');

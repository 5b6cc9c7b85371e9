import { parts } from '../../domain/stack.ts';
import { posixQuote } from '../../machine/quote.ts';
import type { PackageManager } from '../managers/package-manager.ts';
import { isSupported, managers } from '../managers/table.ts';
import { binaries, folders, namesOf } from './candidates.ts';

/** Of which family a machine is by its `ID`, then its `ID_LIKE`. */
const families = `
    debian|ubuntu) manager=apt ;;
    fedora|rhel|centos|amzn|openEuler) manager=dnf; command -v dnf >/dev/null || manager=microdnf ;;
    azurelinux|mariner) manager=tdnf; command -v tdnf >/dev/null || manager=dnf ;;
    suse|sles|opensuse*) manager=zypper ;;
    alpine) manager=apk ;;
    arch) manager=pacman ;;
    void) manager=xbps ;;
    nixos) manager=nix ;;
    gentoo) manager=portage ;;`;

function rowScript(manager: PackageManager): string {
  const { id, refresh, installed, available, owner, files } = manager;
  const asked = [...parts, 'rust' as const, 'go' as const].map((what) => {
    const names = namesOf(what, id).map((name) => posixQuote(name));
    return `      ${what}) echo ${names.join(' ')} ;;`;
  });
  return `
  ${id})
    refresh() { ${refresh}
    }
    installed() { ${installed}
    }
    available() { ${available('"$1"')}
    }
    owner() { ${owner('"$1"')}
    }
    files() { ${files?.('"$1"') ?? 'return 1'}
    }
    names() { case $1 in
${asked.join('\n')}
      esac
    }
    ;;`;
}

function partScript(part: keyof typeof binaries): string {
  const places = binaries[part].flatMap((name) => folders.map((folder) => `"${folder}/${name}"`));
  const named = part === 'virtiofsd' ? '"$named" ' : '';
  const basenames = binaries[part].map((name) => name.replace(/.*\//, '')).join('|');
  return `found ${part} ${named}${places.join(' ')} || offered ${part} "${basenames}"`;
}

/**
 * Prints what a machine tells of its distribution, as `discoveredIn` reads it: headings that begin with `@`, and lines
 * below each that begin with `|`. It changes nothing, but for the package index where that is to be read anew.
 */
export function discoveringScript({ refresh }: { readonly refresh: boolean }): string {
  const rows = Object.values(managers).filter(isSupported).map(rowScript).join('');
  const known = (Object.keys(binaries) as (keyof typeof binaries)[]).map(partScript);
  return `
export LC_ALL=C LANGUAGE=C PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
exec </dev/null
body() { sed 's/^/|/'; }
heading() { echo "@ $*"; }
release=/etc/os-release; [ -e "$release" ] || release=/usr/lib/os-release
heading os-release; body <"$release"
heading arch; uname -m | body
heading kernel; uname -r | body
heading lsm; cat /sys/kernel/security/lsm 2>/dev/null | body; echo
heading selinux; sed -n 's/^SELINUX=//p' /etc/selinux/config 2>/dev/null | body
heading apparmor; ls -d /etc/apparmor.d 2>/dev/null | body
id=$(sed -n 's/^ID=//p' "$release" | tr -d "\\"'")
heading dates; cat "/usr/share/distro-info/$id.csv" 2>/dev/null | body
manager=
for word in $id $(sed -n 's/^ID_LIKE=//p' "$release" | tr -d "\\"'"); do
  case $word in${families}
  esac
  [ -z "$manager" ] || break
done
heading manager; echo "$manager" | body
case $manager in${rows}
  *) heading end; exit 0 ;;
esac
${refresh ? `said=$(refresh 2>&1); heading indexed $?; printf '%s\\n' "$said" | body` : ''}
heading installed; installed | body
ours() {
  heading path "$1"; echo "$2" | body
  heading owner "$1"
  for place in "$2" "$(readlink -f "$2")" "\${2#/usr}"; do owner "$place" 2>/dev/null && break; done | body
}
# found PART PLACE...: the first of them that is there.
found() {
  part=$1; shift
  for place in "$@"; do
    [ -x "$place" ] && [ ! -d "$place" ] || continue
    # A link to a file of the same name is another way to it.
    real=$(readlink -f "$place"); [ "\${real##*/}" = "\${place##*/}" ] || real=$place
    ours "$part" "$real"
    return 0
  done
  return 1
}
# offered PART BASENAMES: what the index has of it.
offered() {
  for name in $(names "$1"); do
    said=$(available "$name" 2>/dev/null) || continue
    [ -n "$said" ] || continue
    heading available "$1" "$name"; echo "$said" | body
    [ -n "$2" ] || continue
    heading files "$1" "$name"; files "$name" 2>/dev/null | grep -E "/($2)( |\\$)" | body
  done
}
named=$(sed -n 's/.*"binary"[^"]*"\\([^"]*\\)".*/\\1/p' /usr/share/qemu/vhost-user/*virtiofsd*.json 2>/dev/null | head -n 1)
kernel=
for place in "/boot/vmlinuz-$(uname -r)" "/usr/lib/modules/$(uname -r)/vmlinuz" "/lib/modules/$(uname -r)/vmlinuz" /boot/vmlinuz-*; do
  if [ -z "$kernel" ] && [ -f "$place" ]; then kernel=$place; ours kernel "$place"; fi
done
[ -n "$kernel" ] || offered kernel ''
${known.join('\n')}
offered rust ''
offered go ''
heading end`;
}

import type { PackageManagerId } from '../domain/distro.ts';
import { readApk } from './apk.ts';
import { readApt } from './apt.ts';
import type { IndexReader } from './index-reader.ts';
import { readPacman } from './pacman.ts';
import { readRpmMd } from './rpm-md.ts';
import { readXbps } from './xbps.ts';

/** Who reads which package manager's index, or why nobody does. */
export const readers: Readonly<Record<PackageManagerId, IndexReader | { readonly because: string }>> = {
  apt: readApt,
  dnf: readRpmMd,
  tdnf: readRpmMd,
  microdnf: readRpmMd,
  zypper: readRpmMd,
  apk: readApk,
  pacman: readPacman,
  xbps: readXbps,
  nix: { because: 'Nix has expressions and no list of packages with names and versions' },
  portage: { because: 'Portage has a tree of ebuilds and no list of packages with names and versions' },
};

import type { ScenarioId } from './scenario.ts';
import type { Part } from './stack.ts';

/** A program by which people start containers, and what katafarm does about it. */
export interface Engine {
  readonly name: string;
  /** What a release packages of it; where it does not, its scenarios are skipped there. Missing: it is not asked. */
  readonly part?: Part;
  /** Globs are meant. */
  readonly scenarios: readonly ScenarioId[];
  /** Why there are none. */
  readonly untried?: string;
}

export const engines: readonly Engine[] = [
  { name: 'containerd, by ctr', part: 'containerd', scenarios: ['kata.*', 'mapping.*'] },
  { name: 'containerd, by the CRI', part: 'containerd', scenarios: ['kata.crictl.pod', 'mapping.selinux'] },
  { name: 'nerdctl', part: 'nerdctl', scenarios: ['kata.nerdctl.net'] },
  { name: 'Docker', part: 'docker', scenarios: ['kata.docker.net'] },
  { name: 'CRI-O', part: 'cri-o', scenarios: ['kata.crio.pod'] },
  {
    name: 'Podman',
    scenarios: [],
    untried: 'unsupported upstream: https://github.com/kata-containers/kata-containers/issues/722',
  },
];

/** What of a wrapper stands where, below the folder that it is written to; `from` is a file beside this one. */
export interface WrapperFile {
  readonly path: string;
  readonly from: string;
  readonly runs?: true;
}

/** Files by which a distro's own CI runs katafarm. */
export interface Wrapper {
  readonly name: string;
  readonly summary: string;
  readonly files: readonly WrapperFile[];
  /** What its user does next. */
  readonly next: string;
}

/** By the formats of autopkgtest 5 (README.package-tests) and tmt 1 (its specification). */
export const wrappers: readonly Wrapper[] = [
  {
    name: 'autopkgtest',
    summary: "Debian's and Ubuntu's: a test of a source package, in debian/tests",
    files: [
      { path: 'debian/tests/control', from: 'autopkgtest/control' },
      { path: 'debian/tests/katafarm', from: 'autopkgtest/katafarm', runs: true },
    ],
    next: 'autopkgtest . -- qemu IMAGE',
  },
  {
    name: 'tmt',
    summary: "Fedora's and CentOS's: a plan and a test, for tmt and the Testing Farm",
    files: [
      { path: '.fmf/version', from: 'tmt/version' },
      { path: 'plans/katafarm.fmf', from: 'tmt/katafarm.fmf' },
      { path: 'tests/katafarm/main.fmf', from: 'tmt/main.fmf' },
      { path: 'tests/katafarm/test.sh', from: 'tmt/test.sh', runs: true },
    ],
    next: 'tmt lint && tmt run --all plan --name katafarm provision --how virtual',
  },
];

/** What of a wrapper stands where, below the folder that it is written to; `from` is a file beside this one. */
export interface WrapperFile {
  readonly path: string;
  readonly from: string;
  readonly runs?: true;
}

/** Files by which some CI runs katafarm. */
export interface Wrapper {
  readonly name: string;
  readonly summary: string;
  readonly files: readonly WrapperFile[];
  /** What its user does next. */
  readonly next: string;
}

/** By the formats of autopkgtest 5 (README.package-tests), tmt 1 (its specification), GitHub Actions and GitLab CI. */
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
  {
    name: 'github',
    summary: 'a nightly on GitHub Actions: shards, one run of them, issues, the page; and an alarm',
    files: [
      { path: '.github/workflows/katafarm-nightly.yml', from: 'github/nightly.yml' },
      { path: '.github/workflows/katafarm-alarm.yml', from: 'github/alarm.yml' },
    ],
    next: 'commit them to a checkout of katafarm; in its settings, let Pages be built by GitHub Actions',
  },
  {
    name: 'gitlab',
    summary: 'the same on GitLab CI, without issues',
    files: [{ path: '.gitlab-ci.yml', from: 'gitlab/gitlab-ci.yml' }],
    next: 'commit it to a checkout of katafarm, and make a pipeline schedule; one more with the variable ALARM',
  },
];

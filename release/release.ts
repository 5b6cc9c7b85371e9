/** What a release is made of, as the checkout says it. */
export interface ReleaseFiles {
  /** `version` of package.json. */
  readonly version: string;
  /** `version` of package-lock.json. */
  readonly locked: string;
  readonly changelog: string;
}

/** One section of the changelog: `[0.2.0] - 2026-12-01`, or `[Unreleased]`. */
interface Section {
  /** Missing: what is not released yet. */
  readonly version?: string;
  readonly text: string;
}

/** A version by semver.org, build metadata left out: what npm publishes has none. */
const semantic = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/;

/**
 * What keeps these files from being released; with a tag, as that tag: `v0.2.0`. Between releases the newest numbered
 * section, if there is one, is the version; what is new stands above it as unreleased.
 */
export function complaintsOf({ version, locked, changelog }: ReleaseFiles, tag?: string): readonly string[] {
  const sections = sectionsOf(changelog);
  const [first] = sections;
  const newest = sections.find((section) => section.version !== undefined);
  const isDated = newest === undefined || /^## \[[^\]]+\] - \d{4}-\d\d-\d\d\n/.test(newest.text);

  return [
    ...(semantic.test(version) ? [] : [`package.json: "${version}" is no semantic version`]),
    ...(locked === version ? [] : [`package-lock.json: is of ${locked}, and package.json of ${version}`]),
    ...(newest && newest.version !== version
      ? [`CHANGELOG.md: its newest release is ${newest.version}, and package.json is of ${version}`]
      : []),
    ...(isDated ? [] : [`CHANGELOG.md: ${newest.version} has no date: ## [${newest.version}] - 2026-12-01`]),
    ...(tag === undefined || tag === `v${version}`
      ? []
      : [`the tag is ${tag}, and package.json is of ${version}`]),
    ...(tag === undefined || first?.version === version
      ? []
      : [`CHANGELOG.md: what is released has no section of its own on top: ## [${version}] - DATE`]),
  ];
}

/** What the changelog says of a version, without its heading; undefined where it has no such section. */
export function notesOf(changelog: string, version: string): string | undefined {
  const section = sectionsOf(changelog).find((one) => one.version === version);
  return section?.text.slice(section.text.indexOf('\n')).trim();
}

/** npm's word for those who take a version without naming it: those who take `next` want what is not finished. */
export function distTagOf(version: string): 'latest' | 'next' {
  return version.includes('-') ? 'next' : 'latest';
}

function sectionsOf(changelog: string): readonly Section[] {
  return changelog
    .split(/^(?=## \[)/m)
    .slice(1)
    .map((text) => {
      const [, name = ''] = /^## \[([^\]]+)\]/.exec(text) ?? [];
      return { text, ...(name !== 'Unreleased' && { version: name }) };
    });
}

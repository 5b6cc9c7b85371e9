/** The release of Kata that a run takes when it is not told which. */
export const pinnedRelease = '4.1.0';

/**
 * sha256 of release archives by their name, written down by whoever had them first and compared them with the publisher's.
 * What is not in it is known by the publisher's checksum or the release API's digest.
 */
export const pinnedDigests: Readonly<Record<string, string>> = {};

/**
 * What the pinned release is built with: the oldest Rust that its workspace takes (`rust-version` in Cargo.toml) and the
 * Go of src/runtime/go.mod, both read in its sources at 4.1.0.
 */
export const pinnedToolchain = { kata: pinnedRelease, rust: '1.95', go: '1.26.7' } as const;

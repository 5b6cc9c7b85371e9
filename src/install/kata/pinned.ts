/** The release of Kata that a run takes when it is not told which. */
export const pinnedRelease = '4.1.0';

/**
 * sha256 of release archives by their name, written down by whoever had them first and compared them with the publisher's.
 * What is not in it is known by the publisher's checksum or the release API's digest.
 */
export const pinnedDigests: Readonly<Record<string, string>> = {};

/** A release's title; that of another architecture than the usual has the same in its file, and says which. */
export function releaseTitle(id: string, title: string): string {
  const [, arch] = id.split('@');
  return arch ? `${title} on ${arch}` : title;
}

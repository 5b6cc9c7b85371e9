/** The parts of a text that begin with a line `== NAME`, by name. */
export function sectionsIn<Name extends string>(text: string, names: readonly Name[]): Record<Name, string> {
  const bodies = new Map(
    text
      .split(/^== /m)
      .slice(1)
      .map((section) => {
        const end = section.indexOf('\n');
        return [section.slice(0, end).trim(), section.slice(end + 1)] as const;
      }),
  );
  return Object.fromEntries(names.map((name) => [name, bodies.get(name) ?? ''])) as Record<Name, string>;
}

/** The `key=value` lines of a text, others left out; the last of a key holds. */
export function pairsIn(text: string): Readonly<Record<string, string>> {
  const pairs = text.matchAll(/^([\w.-]+)=(.*)$/gm);
  return Object.fromEntries([...pairs].map(([, key = '', value = '']) => [key, value.trim()]));
}

/**
 * Seconds by phase (`kernel`, `userspace`, `total`) of what systemd-analyze prints:
 * `Startup finished in 11.904s (kernel) + 1min 4.605s (userspace) = 1min 16.510s`.
 */
export function bootTimeIn(text: string): Readonly<Record<string, number>> {
  const line = /Startup finished in (.*) = (.*)/.exec(text);
  if (!line) {
    return {};
  }
  const [, phases = '', total = ''] = line;

  return {
    ...Object.fromEntries(
      [...phases.matchAll(/([^+]+?) \((\w+)\)/g)].map(([, span = '', phase = '']) => [
        phase,
        secondsIn(span),
      ]),
    ),
    total: secondsIn(total),
  };
}

const unitSeconds: Readonly<Record<string, number>> = { h: 3600, min: 60, s: 1, ms: 0.001 };

/** `1min 4.605s` is 64.605. */
function secondsIn(span: string): number {
  const parts = [...span.matchAll(/([\d.]+)(ms|min|h|s)/g)];
  const seconds = parts.reduce(
    (sum, [, count, unit = 's']) => sum + Number(count) * (unitSeconds[unit] ?? 0),
    0,
  );
  return Math.round(seconds * 1000) / 1000;
}

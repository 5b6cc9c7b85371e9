import { UserError } from '../errors.ts';

/** Makes a reader of ISO dates. */
export function isoDate(option: string): (text: string) => string {
  return (text) => {
    const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
    // `2026-02-30` is read as another day.
    if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text) {
      throw new UserError(`cannot read ${option} "${text}": say a date like 2028-08-09`);
    }
    return text;
  };
}

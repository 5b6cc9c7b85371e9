import { z } from 'zod';

/** A line of text that says something; `what` is what editors show. */
export const line = (what: string) => z.string().trim().min(1).describe(what);

/** An ISO date. */
export const date = z.iso.date({ error: 'must be a date like 2028-08-09', abort: true });

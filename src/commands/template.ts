import { UserError } from '../errors.ts';
import type { Verb } from './context.ts';
import { storedVerb } from './stored-verb.ts';

const examples = `
Examples:
  katafarm template list               what there is, how large, and when it was last used
  katafarm template build debian-13    have it ready: a shell then opens within seconds
  katafarm template rm 3f2a            by the beginning of its id
`;

/** `katafarm template`: machines that were prepared once and frozen, of which runs and shells are clones. */
export const template: Verb = (context) =>
  storedVerb(context, {
    kind: 'template',
    description: 'the templates in the cache: list, build, rm',
    examples,
    async build(on) {
      const { templateOn } = await import('./bench-machine.ts');
      const made = await templateOn(on);
      if (!made) {
        throw new UserError(`cannot keep a template of ${on.batch.distro}: ${on.provider.name} has none`, {
          exitCode: 3,
        });
      }
      return `template ${made.key.slice(0, 12)} is ready`;
    },
  });

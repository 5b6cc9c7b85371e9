import { Argument, Command } from 'commander';
import { askedBy, type Name } from './complete-line.ts';
import { type Values, valuesOf } from './complete-words.ts';
import type { Context, Verb } from './context.ts';
import type { VerbEntry } from './verbs.ts';

const examples = `
Examples:
  katafarm complete -- run debian-13 --sta     what the last word can become, a line each: WORD, tab, what it is
  katafarm complete -- run --prepare ''        :files or :folders, where the shell itself knows
`;

/** What a shell's completion asks: the words after `katafarm`, of which the last is being typed. */
export const completeFrom =
  (verbs: readonly VerbEntry[]): Verb =>
  (context) =>
    new Command('complete')
      .description('what the last word of a command line can become; shells ask this')
      .argument('[word...]', 'the words after katafarm, after --')
      .addHelpText('after', examples)
      .action(async (words: string[]) => {
        context.out(await answer(context, verbs, words));
      });

async function answer(
  context: Context,
  verbs: readonly VerbEntry[],
  words: readonly string[],
): Promise<string> {
  const [word = '', ...rest] = words;
  if (rest.length === 0) {
    const names = verbs
      .filter(({ hidden }) => !hidden)
      .map(({ name, summary }) => ({ word: name, about: summary }));
    const options = ['--help', '--version'].map((option) => ({ word: option, about: '' }));
    return lines(word.startsWith('-') ? options : names, word, '');
  }

  const entry = verbs.find(({ name }) => name === word);
  if (!entry) {
    return '';
  }
  const { names, value, before, typed, given } = askedBy((await entry.load())(context), rest);
  if (!value) {
    return lines(names, typed, before);
  }
  const known: Values =
    value.argChoices?.map((choice) => ({ word: choice, about: '' })) ??
    (await valuesOf(calledBy(value), context, given));
  return typeof known === 'string' ? `:${known}\n` : lines([...names, ...known], typed, before);
}

/** How a definition calls a value: `stack` of `--stack <stack...>`, `distro` of `[distro...]`; `red cell` of `<cell>`. */
function calledBy(value: { readonly flags?: string; name(): string }): string {
  if (value instanceof Argument) {
    return value.name() === 'cell' ? 'red cell' : value.name();
  }
  return /[<[]([\w-]+)/.exec(value.flags ?? '')?.[1] ?? '';
}

function lines(names: readonly Name[], typed: string, before: string): string {
  return names
    .filter(({ word }) => word.startsWith(typed))
    .map(({ word, about }) => `${before}${word}${about ? `\t${about}` : ''}\n`)
    .join('');
}

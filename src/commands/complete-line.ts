import type { Argument, Command, Option } from 'commander';

/** What is to come at the end of a command line that is being typed. */
export interface Asked {
  /** Names that fit there, with what they are: options, verbs below a verb. */
  readonly names: readonly Name[];
  /** Whose value comes there, if a value does: an option, or a verb's argument. */
  readonly value?: Option | Argument;
  /** What stands before the value in the same word: `--stack=`. */
  readonly before: string;
  /** What was typed of it. */
  readonly typed: string;
  /** Values of options that stand on the line, by the option's long name. */
  readonly given: ReadonlyMap<string, string>;
}

export interface Name {
  readonly word: string;
  readonly about: string;
}

/** Reads the words after a verb, of which the last is being typed, by the verb's own definition. */
export function askedBy(verb: Command, words: readonly string[]): Asked {
  const given = new Map<string, string>();
  const typed = words.at(-1) ?? '';
  let command = verb;
  let open: Option | undefined;
  let count = 0;
  let operands = false;

  for (const word of words.slice(0, -1)) {
    const sub = command.commands.find((one) => one.name() === word);
    if (operands || word === '-' || !word.startsWith('-')) {
      if (open && !operands) {
        given.set(open.long ?? '', word);
        open = open.variadic ? open : undefined;
      } else if (sub && count === 0) {
        command = sub;
      } else {
        count += 1;
      }
    } else if (word === '--') {
      operands = true;
      open = undefined;
    } else {
      const [name = '', value] = word.split(/=(.*)/s);
      const option = optionOf(command, name);
      const takes = option && !option.isBoolean() && !option.negate;
      open = takes && value === undefined ? option : undefined;
      if (option && value !== undefined) {
        given.set(option.long ?? '', value);
      }
    }
  }

  const plain = { names: [], before: '', typed, given };
  if (operands) {
    return { ...plain, ...argumentAt(command, count) };
  }
  if (open) {
    return { ...plain, value: open };
  }
  const [name = '', value] = typed.split(/=(.*)/s);
  const option = optionOf(command, name);
  if (option && value !== undefined) {
    return { ...plain, value: option, before: `${name}=`, typed: value };
  }
  if (typed.startsWith('-')) {
    return { ...plain, names: optionsOf(command, given) };
  }
  const below = command.commands.map((one) => ({ word: one.name(), about: one.description() }));
  return { ...plain, names: count === 0 ? below : [], ...argumentAt(command, count) };
}

function optionOf(command: Command, name: string): Option | undefined {
  return command.options.find(({ long, short }) => name !== '' && (long === name || short === name));
}

function optionsOf(command: Command, given: Asked['given']): readonly Name[] {
  const own = command.options.filter(
    ({ hidden, long, variadic }) => !hidden && (variadic || !given.has(long ?? '')),
  );
  const names = own.flatMap(({ long, description }) => (long ? [{ word: long, about: description }] : []));
  return [...names, { word: '--help', about: 'display help for command' }];
}

/** The argument that comes after so many others; the last one may take all that come. */
function argumentAt({ registeredArguments: all }: Command, count: number): Pick<Asked, 'value'> {
  const last = all.at(-1);
  const value = all[count] ?? (last?.variadic ? last : undefined);
  return value ? { value } : {};
}

import type { Argument, Command, Option } from 'commander';
import type { Candidate, KnownNames } from './known-names.ts';

/** Says to the shell that a path belongs here. */
export const FILES: Candidate = { word: ':files', means: '' };

type Known = { readonly names: KnownNames; readonly given: readonly string[] };

/** What may stand where the last of the words is being written. */
export async function complete(
  program: Command,
  words: readonly string[],
  names: KnownNames,
): Promise<readonly Candidate[]> {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const found = await candidates({ ...walk(program, before), current }, names);
  return found.filter(({ word }) => word.startsWith(current) || word === FILES.word);
}

type Walked = {
  readonly command: Command;
  /** The option whose value is being written. */
  readonly pending: Option | undefined;
  /** Of the command, as far as they are written. */
  readonly given: readonly string[];
};

function walk(program: Command, words: readonly string[]): Walked {
  let command = program;
  let pending: Option | undefined;
  const given: string[] = [];
  for (const word of words) {
    if (pending !== undefined && !word.startsWith('-')) {
      // One of many values may be followed by another.
      pending = pending.variadic ? pending : undefined;
      continue;
    }
    pending = undefined;
    const sub = command.commands.find((each) => each.name() === word);
    if (sub !== undefined && given.length === 0) command = sub;
    else if (word.startsWith('-')) pending = valueOption(command, word);
    else given.push(word);
  }
  return { command, pending, given };
}

function optionsOf(command: Command): readonly Option[] {
  const own = command.options.filter((option) => !option.hidden);
  return command.parent === null ? own : [...own, ...optionsOf(command.parent)];
}

function valueOption(command: Command, word: string): Option | undefined {
  const found = optionsOf(command).find((option) => option.long === word || option.short === word);
  return found !== undefined && (found.required || found.optional) ? found : undefined;
}

type Question = Walked & { readonly current: string };

async function candidates(
  { command, pending, given, current }: Question,
  names: KnownNames,
): Promise<readonly Candidate[]> {
  if (pending !== undefined) return valuesOf(pending, { names, given });
  if (current.startsWith('-')) {
    return optionsOf(command).map(({ long, short, description }) => ({
      word: long ?? short ?? '',
      means: description,
    }));
  }
  const subs = command.commands.filter((each) => each.name() !== 'help');
  if (subs.length > 0) {
    return subs.map((each) => ({ word: each.name(), means: each.description() }));
  }
  return argumentValues(argumentAt(command, given.length), { names, given });
}

function argumentAt({ registeredArguments: all }: Command, index: number): Argument | undefined {
  const last = all.at(-1);
  return all[index] ?? (last?.variadic === true ? last : undefined);
}

function argumentValues(
  argument: Argument | undefined,
  known: Known,
): Promise<readonly Candidate[]> | readonly Candidate[] {
  if (argument === undefined) return [];
  if (argument.argChoices !== undefined) return plain(argument.argChoices);
  return named(argument.name(), known);
}

function valuesOf(
  option: Option,
  known: Known,
): Promise<readonly Candidate[]> | readonly Candidate[] {
  if (option.argChoices !== undefined) return plain(option.argChoices);
  return named(/[<[]([^>\].]+)/.exec(option.flags)?.[1] ?? '', known);
}

/** What is called `<file>` is a path, what is called `<run>` the id of one: in help as in completion. */
function named(
  name: string,
  { names, given }: Known,
): Promise<readonly Candidate[]> | readonly Candidate[] {
  if (['path', 'file', 'folder'].includes(name)) return [FILES];
  return names[name]?.(given) ?? [];
}

function plain(words: readonly string[]): readonly Candidate[] {
  return words.map((word) => ({ word, means: '' }));
}

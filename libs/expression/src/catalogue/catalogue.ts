import { AGGREGATES } from './aggregates.ts';
import { ARRAYS } from './arrays.ts';
import { BINARIES, CATEGORIES } from './binaries.ts';
import { LIST_MEMBERS } from './list-members.ts';
import { CHOICES } from './choices.ts';
import { FORMS } from './forms.ts';
import { PLACES } from './positions.ts';
import { ROLLING } from './rolling.ts';
import { RANGES } from './ranges.ts';
import { REPLACEMENTS } from './replacements.ts';
import { STATISTICS } from './statistics.ts';
import { STRING_FORMS } from './string-forms.ts';
import { STRUCTS } from './structs.ts';
import { MOVES } from './temporal-moves.ts';
import { ELEMENTWISE } from './elementwise.ts';
import { FRAME_METHODS } from './frames.ts';
import { FUNCTIONS } from './functions.ts';
import { LISTS } from './lists.ts';
import { NAMES } from './names.ts';
import { MEMBERSHIP, OPERATORS } from './operators.ts';
import type { Entry, FrameEntry } from './signature.ts';
import { STRINGS } from './strings.ts';
import { TEMPORAL } from './temporal.ts';
import { WINDOWS } from './windows.ts';

/** Every expression that Floe understands, one row each. */
export const EXPRESSIONS: readonly Entry[] = [
  ...OPERATORS,
  ...MEMBERSHIP,
  ...ELEMENTWISE,
  ...AGGREGATES,
  ...WINDOWS,
  ...STRINGS,
  ...TEMPORAL,
  ...LISTS,
  ...NAMES,
  ...FUNCTIONS,
  ...PLACES,
  ...CHOICES,
  ...FORMS,
  ...ROLLING,
  ...STATISTICS,
  ...REPLACEMENTS,
  ...RANGES,
  ...STRING_FORMS,
  ...MOVES,
  ...LIST_MEMBERS,
  ...ARRAYS,
  ...STRUCTS,
  ...BINARIES,
  ...CATEGORIES,
];

const BY_NAME: ReadonlyMap<string, Entry> = new Map(
  EXPRESSIONS.map((entry) => [entry.name, entry]),
);
const FRAME_BY_NAME: ReadonlyMap<string, FrameEntry> = new Map(
  FRAME_METHODS.map((entry) => [entry.name, entry]),
);

export const NAMESPACES: ReadonlySet<string> = new Set([
  'arr',
  'bin',
  'cat',
  'dt',
  'list',
  'name',
  'str',
  'struct',
]);

/** The entry of an expression method or `pl.` function; `strToUppercase`-like spellings find it, too. */
export function findExpression(name: string): Entry | undefined {
  return BY_NAME.get(name) ?? BY_NAME.get(snakeCase(name));
}

export function findFrameMethod(name: string): FrameEntry | undefined {
  return FRAME_BY_NAME.get(name) ?? FRAME_BY_NAME.get(snakeCase(name));
}

/** `groupBy` as `group_by`. */
export function snakeCase(name: string): string {
  if (name === name.toLowerCase()) return name;
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Names of the methods in a namespace; '' is that of expressions themselves. */
export function expressionNames(namespace: string): readonly string[] {
  const prefix = namespace === '' ? '' : `${namespace}.`;
  return EXPRESSIONS.map((entry) => entry.name)
    .filter((name) => name.startsWith(prefix) && !name.slice(prefix.length).includes('.'))
    .map((name) => name.slice(prefix.length));
}

export function frameMethodNames(): readonly string[] {
  return FRAME_METHODS.map((entry) => entry.name);
}

import type { Json } from '../json.ts';
import { alias } from '../lower/shapes.ts';
import { flag, keyword, text } from './parameters.ts';
import { elementwise, type Row } from './rows.ts';
import type { Entry } from './signature.ts';
import { same } from './type-rules.ts';

/** Methods that give the output another name. What the name is, `outputNameOf` says. */
const renaming = (name: string, row: Omit<Row, 'type' | 'lineage'>): Entry =>
  elementwise(name, { ...row, type: same, lineage: 'identity' });

const rename = (expr: Json, name: Json): Json => ({ RenameAlias: { function: name, expr } });

export const NAMES: readonly Entry[] = [
  renaming('alias', {
    summary: 'Names the output.',
    parameters: [text('name')],
    lower: ({ receiver, text: of }) => alias(receiver, of('name')),
  }),
  renaming('name.suffix', {
    summary: 'Adds a suffix to the name.',
    parameters: [text('suffix')],
    lower: ({ receiver, text: of }) => rename(receiver, { Suffix: of('suffix') }),
  }),
  renaming('name.prefix', {
    summary: 'Adds a prefix to the name.',
    parameters: [text('prefix')],
    lower: ({ receiver, text: of }) => rename(receiver, { Prefix: of('prefix') }),
  }),
  renaming('name.to_lowercase', {
    summary: 'The name in lower case.',
    lower: ({ receiver }) => rename(receiver, 'ToLowercase'),
  }),
  renaming('name.to_uppercase', {
    summary: 'The name in upper case.',
    lower: ({ receiver }) => rename(receiver, 'ToUppercase'),
  }),
  renaming('name.replace', {
    summary: 'The name with the matches of a pattern replaced.',
    parameters: [text('pattern'), text('value'), keyword(flag('literal', false))],
    lower: ({ receiver, text: of, flag: is }) =>
      rename(receiver, {
        Replace: { pattern: of('pattern'), value: of('value'), literal: is('literal') },
      }),
  }),
  renaming('name.keep', {
    summary: 'The name of the first column of the expression.',
    lower: ({ receiver }) => ({ KeepName: receiver }),
  }),
];

/** Characters that mean something in a pattern. */
const SPECIAL = /[\\.+*?()|[\]{}^$]/;

type NameCall = {
  readonly method: string;
  readonly name: string;
  /** Name of the first column in the expression; null when it starts with a literal. */
  readonly root: string | null;
  /** The texts among the arguments, in the order of the parameters. */
  readonly texts: readonly string[];
  readonly isLiteral: boolean;
};

/** The name that a method of this file gives, or null for all other methods. */
export function renamed({ method, name, root, texts, isLiteral }: NameCall): string | null {
  const [argument = '', replacement = ''] = texts;
  switch (method) {
    case 'alias':
    case 'pl.row_index':
      return argument;
    case 'name.replace':
      // What a pattern of the user matches is not worth a matcher of our own: it is refused by the caller.
      return isLiteral || !SPECIAL.test(argument) ? name.replaceAll(argument, replacement) : null;
    case 'name.suffix':
      return `${name}${argument}`;
    case 'name.prefix':
      return `${argument}${name}`;
    case 'name.to_lowercase':
      return name.toLowerCase();
    case 'name.to_uppercase':
      return name.toUpperCase();
    case 'name.keep':
      return root ?? name;
    default:
      return null;
  }
}

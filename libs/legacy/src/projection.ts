import { translateLegacyExpression } from '@floe/expression';
import { FloeError } from '@floe/errors';
import type { Entry } from './legacy-workflow.ts';
import type { Mapping, Rows } from './mapping.ts';

/** Which columns go on, and under which names. */
export type Projection =
  | { readonly kind: 'all' }
  | {
      readonly kind: 'some';
      /** A method of a frame. */
      readonly text: string;
      readonly columns: readonly string[];
      /** Whether no column is computed or taken twice: then `renames` says it all. */
      readonly isPlain: boolean;
      readonly renames: ReadonlyMap<string, string>;
    };

export const quote = (text: string): string => JSON.stringify(text);
export const column = (name: string): string => `pl.col(${quote(name)})`;

/** The selected columns of a mapping; all where none is selected. */
export function projectionOf(mapping: Mapping, entries: readonly Entry[]): Projection | 'refused' {
  const selected = entries.filter((entry) => entry.isSelected);
  if (selected.length === 0) return { kind: 'all' };
  const columns = selected.map((entry) => entry.target);
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) {
    mapping.reading.refuse(selected[0]?.path ?? '', `two columns are called ${quote(twice)}`);
    return 'refused';
  }
  const items = selected.map((entry) => itemOf(mapping, entry));
  if (items.includes(undefined)) return 'refused';
  const isPlain = selected.every(({ expression }) => expression === '');
  const renames = new Map(selected.map(({ name, target }) => [name, target]));
  return {
    kind: 'some',
    text: call('select', items as string[]),
    columns,
    isPlain: isPlain && renames.size === selected.length,
    renames,
  };
}

function itemOf(mapping: Mapping, entry: Entry): string | undefined {
  if (entry.expression === '' || entry.expression === entry.name) {
    if (entry.target === entry.name) return quote(entry.name);
    return `${column(entry.name)}.alias(${quote(entry.target)})`;
  }
  return translated(mapping, entry, () => {
    const { polars } = translateLegacyExpression({ text: entry.expression, field: entry.name });
    return `${polars}.alias(${quote(entry.target)})`;
  });
}

/** What `write` makes; an expression that it does not understand is refused with its place. */
export function translated<Made>(
  { reading }: Mapping,
  entry: Entry,
  write: () => Made,
): Made | undefined {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof FloeError) || error.code !== 'EXPRESSION_INVALID') throw error;
    reading.refuse(`${entry.path}.expression`, error.message, error.hint);
    return undefined;
  }
}

const LINE_LENGTH = 100;

/** A method call, on one line where it fits. */
export function call(method: string, items: readonly string[]): string {
  const line = `.${method}(${items.join(', ')})`;
  if (line.length <= LINE_LENGTH) return line;
  return `.${method}(\n${items.map((item) => `    ${item},\n`).join('')})`;
}

/** A frame of the rows of all inputs, with methods called on it one after the other. */
export function frameText(inputs: readonly Rows[], methods: readonly string[]): string {
  const names = inputs.map(({ task }) => task);
  const [only = ''] = names;
  const start = names.length === 1 ? only : `pl.concat([${names.join(', ')}])`;
  const line = `${start}${methods.join('')}`;
  if (line.length <= LINE_LENGTH && !line.includes('\n')) return line;
  const lines = [start, ...methods].join('\n').split('\n');
  return `(\n${lines.map((each) => `    ${each}\n`).join('')})`;
}

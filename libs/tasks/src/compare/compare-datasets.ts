/**
 * What differs between two datasets, row by row and column by column.
 *
 * The comparison is itself a plan for Polars: tables of millions of rows take seconds, and no row passes through
 * JavaScript but the few that are shown. Values of masked columns are counted and not shown.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FloeError } from '@floe/errors';
import { parseProgram, sameType, toFramePlan, type Schema } from '@floe/expression';
import { collectFramePlan, MAX_PREVIEW_ROWS, previewDataset, type PreviewValue } from '@floe/frame';
import { isMaskedColumn, MASK } from '../masked-columns.ts';
import { comparePrograms, keyProgram, type Compared } from './compare-programs.ts';

export type ComparedDataset = {
  /** Arrow IPC files on this machine, in the order of the rows. */
  readonly paths: readonly string[];
  readonly schema: Schema;
};

export type CompareOptions = {
  /** Columns that tell rows apart; none: rows are compared by their place. */
  readonly key: readonly string[];
  /** How many rows that differ are shown. */
  readonly limit: number;
  /** Columns whose values nobody is shown. */
  readonly masked: ReadonlySet<string>;
  /** A folder for files that are gone when this ends. */
  readonly scratch: string;
};

/** A row that differs, by its key, or by its place, counted from 1. */
export type RowDifference = {
  readonly change: 'added' | 'removed' | 'changed';
  readonly row: Readonly<Record<string, PreviewValue>>;
  /** Of a changed row, the columns that differ. */
  readonly columns: Readonly<
    Record<string, { readonly before: PreviewValue; readonly after: PreviewValue }>
  >;
};

export type DatasetDifference = {
  readonly rowsBefore: number;
  readonly rowsAfter: number;
  readonly same: number;
  readonly changed: number;
  readonly added: number;
  readonly removed: number;
  /** By column, in how many of the rows that both have it differs. */
  readonly changedByColumn: Readonly<Record<string, number>>;
  /** Columns that both have with different types: their values are not compared. */
  readonly notCompared: readonly string[];
  /** The first ones, in order of the key. */
  readonly first: readonly RowDifference[];
};

/** Errors: ARGUMENT_INVALID for a key that a side lacks or that tells no rows apart; those of executing a plan. */
export async function compareDatasets(
  before: ComparedDataset,
  after: ComparedDataset,
  options: CompareOptions,
): Promise<DatasetDifference> {
  const { key } = options;
  for (const [side, dataset] of Object.entries({ before, after })) {
    await requireKey(dataset, { side, ...options });
  }
  const { columns, notCompared } = commonColumns(before.schema, after.schema, key);
  const compared: Compared = {
    before: before.schema.map(({ name }) => name),
    after: after.schema.map(({ name }) => name),
    key,
    columns,
    limit: Math.min(options.limit, MAX_PREVIEW_ROWS),
  };
  const programs = comparePrograms(compared);
  const inputs = { before: before.paths, after: after.paths };
  const [counts = []] = await run(programs.counts, inputs, options.scratch);
  const [old = 0, fresh = 0, both = 0, changed = 0, ...byColumn] = counts.map(Number);
  const rows = await run(programs.rows, inputs, options.scratch);
  return {
    rowsBefore: old,
    rowsAfter: fresh,
    same: both - changed,
    changed,
    added: fresh - both,
    removed: old - both,
    changedByColumn: Object.fromEntries(
      columns.map((name, index) => [name, byColumn[index] ?? 0] as const).filter(([, n]) => n > 0),
    ),
    notCompared,
    first: rows.map((row) => toDifference(row, compared, options.masked)),
  };
}

type KeyCheck = CompareOptions & { readonly side: string };

async function requireKey(
  { paths, schema }: ComparedDataset,
  { side, key, scratch }: KeyCheck,
): Promise<void> {
  if (key.length === 0) return;
  const missing = key.find((name) => !schema.some((column) => column.name === name));
  if (missing !== undefined) {
    throw new FloeError('ARGUMENT_INVALID', `the rows ${side} have no column ${missing}`, {
      hint: `They have: ${schema.map(({ name }) => name).join(', ')}.`,
    });
  }
  const [counts = []] = await run(keyProgram(side, key), { [side]: paths }, scratch);
  const [rows = 0, keys = 0] = counts.map(Number);
  if (rows === keys) return;
  const message = `${key.join(', ')} tells the rows ${side} not apart: ${rows} rows, ${keys} keys`;
  throw new FloeError('ARGUMENT_INVALID', message, {
    hint: 'Name more columns as the key, or none to compare by place.',
  });
}

function commonColumns(before: Schema, after: Schema, key: readonly string[]) {
  const news = new Map(after.map(({ name, type }) => [name, type]));
  const common = before.filter(({ name }) => news.has(name) && !key.includes(name));
  const isSame = ({ name, type }: Schema[number]) => sameType(type, news.get(name)!);
  return {
    columns: common.filter(isSame).map(({ name }) => name),
    notCompared: common.filter((column) => !isSame(column)).map(({ name }) => name),
  };
}

type Inputs = Readonly<Record<string, readonly string[]>>;

async function run(
  text: string,
  inputs: Inputs,
  scratch: string,
): Promise<readonly (readonly PreviewValue[])[]> {
  const output = join(scratch, 'compare.ipc');
  try {
    const plan = toFramePlan(parseProgram(text, { inputs: Object.keys(inputs) }), {});
    await collectFramePlan(plan, { inputs, output });
    return (await previewDataset(output, MAX_PREVIEW_ROWS)).rows;
  } finally {
    await rm(output, { force: true });
  }
}

/** The row of `rows`: what became of it, its name, then each column before and after. */
function toDifference(
  [change, ...values]: readonly PreviewValue[],
  { key, columns }: Compared,
  masked: ReadonlySet<string>,
): RowDifference {
  const names = key.length === 0 ? ['row'] : key;
  const shown = (name: string, value: PreviewValue) =>
    key.length + columns.length > 0 && isMaskedColumn(name, masked) ? MASK : value;
  const row = names.map((name, index) => [name, shown(name, values[index] ?? null)] as const);
  const pairs = columns.flatMap((name, index) => {
    const at = names.length + index * 3;
    if (values[at] !== true) return [];
    const [before = null, after = null] = [values[at + 1], values[at + 2]];
    return [[name, { before: shown(name, before), after: shown(name, after) }] as const];
  });
  return {
    change: change as RowDifference['change'],
    row: Object.fromEntries(row),
    columns: Object.fromEntries(pairs),
  };
}

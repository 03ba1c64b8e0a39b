import { type TableName, parseTableName } from '@floe/database/target';
import { FloeError } from '@floe/errors';
import {
  type Config,
  durationMsField,
  flagField,
  stringField,
  stringListField,
  stringMapField,
} from '../config-fields.ts';
import { LEDGER_SCHEMA } from './load-ledger.ts';

/**
 * What becomes of the rows that the table has.
 * append: they stay. upsert: those with a key of the load get its values, the others stay. replace: all are deleted in
 * the load's transaction, readers see the old rows until it commits. truncate: the table is emptied in the transaction
 * too, which is faster and gives the space back, but locks out readers until it commits, and is refused for a table
 * that foreign keys refer to.
 */
export type LoadMode = 'append' | 'replace' | 'truncate' | 'upsert';

const MODES: readonly LoadMode[] = ['append', 'replace', 'truncate', 'upsert'];

export type LoadOptions = {
  readonly connection: string;
  readonly table: TableName;
  /** The table as the document has it, for messages. */
  readonly tableText: string;
  readonly mode: LoadMode;
  /** Table columns; not empty for an upsert. */
  readonly key: readonly string[];
  /** Table columns that an upsert changes in rows that are there; all that the load fills when undefined. */
  readonly update: readonly string[] | undefined;
  /** Frame column to table column. */
  readonly columns: Readonly<Record<string, string>>;
  readonly createTable: boolean;
  /** Values of other types are converted by PostgreSQL, as for an INSERT. */
  readonly convert: boolean;
  /** 0 sets no limit. */
  readonly statementTimeoutMs: number;
};

/** Errors: ARGUMENT_INVALID. */
export function readLoadOptions(config: Config): LoadOptions {
  const tableText = stringField(config, 'table');
  const modeText = stringField(config, 'mode');
  const mode = MODES.find((each) => each === modeText);
  if (mode === undefined)
    throw new FloeError(
      'ARGUMENT_INVALID',
      `the task's field "mode" is none of ${MODES.join(', ')}`,
    );
  const key = distinct(stringListField(config, 'key'));
  if (mode === 'upsert' && key.length === 0)
    throw new FloeError('ARGUMENT_INVALID', 'a load of mode upsert needs a key', {
      hint: 'add key: [column]',
    });
  return {
    connection: stringField(config, 'connection'),
    table: readTable(tableText),
    tableText,
    mode,
    key,
    update:
      config['update'] === undefined ? undefined : distinct(stringListField(config, 'update')),
    columns: stringMapField(config, 'columns'),
    createTable: flagField(config, 'create'),
    convert: flagField(config, 'convert'),
    statementTimeoutMs: durationMsField(config, 'statement_timeout') ?? 0,
  };
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

function readTable(text: string): TableName {
  const table = parseTableName(text);
  if (table.schema !== LEDGER_SCHEMA) return table;
  throw new FloeError(
    'ARGUMENT_INVALID',
    `schema "${LEDGER_SCHEMA}" is where Floe keeps which loads have taken effect`,
    { details: { field: 'table' }, hint: 'load into a table of another schema' },
  );
}

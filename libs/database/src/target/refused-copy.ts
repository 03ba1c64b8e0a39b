import type { FloeError } from '@floe/errors';
import { DatabaseError } from 'pg';
import type { TableName } from './identifiers.ts';

/** What PostgreSQL says of a row that it does not take. */
export type RefusedCopy = {
  /** Without the values of the row. */
  readonly message: string;
  readonly sqlState: string;
  /** Counted from 1; undefined when the row was not refused while it was copied. */
  readonly row: number | undefined;
  readonly column: string | undefined;
  readonly constraint: string | undefined;
  /** Where the constraint is: the table, one of its partitions, or another table that holds the rows for it. */
  readonly table: TableName | undefined;
  /** Of a unique or foreign key: its columns, and the values as PostgreSQL writes them. */
  readonly key: { readonly columns: readonly string[]; readonly values: string } | undefined;
  /** Whether it is a row of before, which rows of another table refer to. */
  readonly isReferredTo: boolean;
  /** Whether the words are those of a trigger or function, which may hold anything. */
  readonly isRaised: boolean;
};

/** Classes 22, data exception, 23, integrity constraint violation, and 44, a view's check option. */
const ABOUT_A_ROW = /^(?:2[23]|44)/;
/** What a trigger raises (P0001), and rows that a policy refuses: about a row where one was being copied. */
const ABOUT_A_COPIED_ROW = /^(?:P0001|42501)/;
/** What PostgreSQL was about stands in several lines, the COPY last. */
const PLACE = /^COPY .+?, line (?<row>\d+)(?:, column (?<column>[^:\n]+))?/m;
const KEY = /^Key \((?<columns>.+?)\)=\((?<values>.*)\) /s;
const PARTITION_KEY =
  /^Partition key of the failing row contains \((?<columns>.+?)\) = \((?<values>.*)\)\.$/s;
const STILL_REFERRED_TO = /^Key .* is (?:still )?referenced from table /s;
const RAISED = 'P0001';

/** Undefined for an error that is not about a row. */
export function refusedCopyOf({ cause }: FloeError): RefusedCopy | undefined {
  if (!(cause instanceof DatabaseError)) return undefined;
  const place = PLACE.exec(cause.where ?? '')?.groups;
  const { code = '' } = cause;
  const isCopied = place !== undefined && ABOUT_A_COPIED_ROW.test(code);
  if (!isCopied && !ABOUT_A_ROW.test(code)) return undefined;
  const detail = cause.detail ?? '';
  const key = (KEY.exec(detail) ?? PARTITION_KEY.exec(detail))?.groups;
  return {
    message: cause.message,
    sqlState: code,
    row: place?.['row'] === undefined ? undefined : Number(place['row']),
    column: cause.column ?? place?.['column'],
    constraint: cause.constraint,
    table: cause.table === undefined ? undefined : { schema: cause.schema, table: cause.table },
    isReferredTo: STILL_REFERRED_TO.test(detail),
    isRaised: isRaisedIn(cause),
    key:
      key === undefined
        ? undefined
        : { columns: columnsIn(key['columns']!), values: key['values']! },
  };
}

/** Whether what PostgreSQL says was put into words by a trigger or function of the database. */
export function isRaised({ cause }: FloeError): boolean {
  return cause instanceof DatabaseError && isRaisedIn(cause);
}

/** Classes that the server itself speaks of, also in the middle of a function: rollbacks, resources, locks, operators. */
const OF_SERVER = /^(?:08|25|40|53|54|55|57|58)/;

/** Besides the COPY there is a place only within functions. */
function isRaisedIn({ code = '', where = '' }: DatabaseError): boolean {
  if (OF_SERVER.test(code)) return false;
  return (
    code === RAISED || where.split('\n').some((line) => line !== '' && !line.startsWith('COPY '))
  );
}

const COLUMN = /"(?<quoted>(?:[^"]|"")+)"|(?<plain>[^",]+)/y;

/** The names in a list as PostgreSQL writes it. A list with an expression in it is given as it stands, as one name. */
function columnsIn(list: string): string[] {
  const columns: string[] = [];
  for (let at = 0; at < list.length; at = COLUMN.lastIndex + ', '.length) {
    COLUMN.lastIndex = at;
    const groups = COLUMN.exec(list)?.groups;
    const isWhole = COLUMN.lastIndex === list.length || list.startsWith(', ', COLUMN.lastIndex);
    if (groups === undefined || !isWhole || groups['plain']?.includes('(') === true) return [list];
    columns.push(groups['plain'] ?? groups['quoted']!.replaceAll('""', '"'));
  }
  return columns;
}

import type { FloeError } from '@floe/errors';
import { DatabaseError } from 'pg';

/** What PostgreSQL says of a row that it does not take. */
export type RefusedCopy = {
  /** Without the values of the row. */
  readonly message: string;
  readonly sqlState: string;
  /** Counted from 1; undefined when the row was not refused while it was copied. */
  readonly row: number | undefined;
  readonly column: string | undefined;
  readonly constraint: string | undefined;
  /** Of a unique or foreign key: its columns, and the values as PostgreSQL writes them. */
  readonly key: { readonly columns: readonly string[]; readonly values: string } | undefined;
};

/** Classes 22, data exception, 23, integrity constraint violation, and 44, a view's check option. */
const ABOUT_A_ROW = /^(?:2[23]|44)/;
/** What a trigger raises (P0001), and rows that a policy refuses: about a row where one was being copied. */
const ABOUT_A_COPIED_ROW = /^(?:P0001|42501)/;
/** What PostgreSQL was about stands in several lines, the COPY last. */
const PLACE = /^COPY .+?, line (?<row>\d+)(?:, column (?<column>[^:\n]+))?/m;
const KEY = /^Key \((?<columns>.+?)\)=\((?<values>.*)\) /s;

/** Undefined for an error that is not about a row. */
export function refusedCopyOf({ cause }: FloeError): RefusedCopy | undefined {
  if (!(cause instanceof DatabaseError)) return undefined;
  const place = PLACE.exec(cause.where ?? '')?.groups;
  const { code = '' } = cause;
  const isCopied = place !== undefined && ABOUT_A_COPIED_ROW.test(code);
  if (!isCopied && !ABOUT_A_ROW.test(code)) return undefined;
  const key = KEY.exec(cause.detail ?? '')?.groups;
  return {
    message: cause.message,
    sqlState: code,
    row: place?.['row'] === undefined ? undefined : Number(place['row']),
    column: cause.column ?? place?.['column'],
    constraint: cause.constraint,
    key:
      key === undefined
        ? undefined
        : { columns: columnsIn(key['columns']!), values: key['values']! },
  };
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

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

/** Classes 22, data exception, and 23, integrity constraint violation. */
const ABOUT_A_ROW = /^2[23]/;
const PLACE = /^COPY .+?, line (?<row>\d+)(?:, column (?<column>[^:\n]+))?/;
const KEY = /^Key \((?<columns>.+?)\)=\((?<values>.*)\) /s;

/** Undefined for an error that is not about a row. */
export function refusedCopyOf({ cause }: FloeError): RefusedCopy | undefined {
  if (!(cause instanceof DatabaseError) || !ABOUT_A_ROW.test(cause.code ?? '')) return undefined;
  const place = PLACE.exec(cause.where ?? '')?.groups;
  const key = KEY.exec(cause.detail ?? '')?.groups;
  return {
    message: cause.message,
    sqlState: cause.code ?? '',
    row: place?.['row'] === undefined ? undefined : Number(place['row']),
    column: cause.column ?? place?.['column'],
    constraint: cause.constraint,
    key:
      key === undefined
        ? undefined
        : { columns: key['columns']!.split(', '), values: key['values']! },
  };
}

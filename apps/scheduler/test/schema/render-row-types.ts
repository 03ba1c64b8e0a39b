/** A column of a table, as the catalogue of PostgreSQL has it. */
export type CatalogueColumn = {
  readonly table: string;
  readonly column: string;
  /** As `format_type` says it. */
  readonly type: string;
  readonly isNullable: boolean;
  /** PostgreSQL fills it in where nobody else does. */
  readonly hasDefault: boolean;
};

const HEAD = `// Made from the migrations by \`npm run -s row-types\`. Do not edit.
import type { ColumnType, Generated } from 'kysely';

/** Milliseconds since 1970 when read; a Date when written. */
type Instant = ColumnType<number, Date, Date>;
type GeneratedInstant = ColumnType<number, Date | undefined, Date>;
type OptionalInstant = ColumnType<number | null, Date | null | undefined, Date | null>;
/** JSON is written as text and read as a value. */
type Json = ColumnType<unknown, string, string>;
type GeneratedJson = ColumnType<unknown, string | undefined, string>;
type OptionalJson = ColumnType<unknown, string | null | undefined, string | null>;
type Optional<Value> = ColumnType<Value | null, Value | null | undefined, Value | null>;
`;

const TYPES: Readonly<Record<string, string>> = {
  text: 'string',
  uuid: 'string',
  boolean: 'boolean',
  smallint: 'number',
  integer: 'number',
  bigint: 'number',
  'double precision': 'number',
  bytea: 'Buffer',
  date: 'Date',
  'text[]': 'string[]',
  'integer[]': 'number[]',
  'uuid[]': 'string[]',
};

// Types that are read in another form than they are written in.
const NAMED: Readonly<Record<string, string>> = {
  'timestamp with time zone': 'Instant',
  json: 'Json',
  jsonb: 'Json',
};

/** The module with a type for the rows of each table. Throws for a type of which nobody has said what it is here. */
export function renderRowTypes(columns: readonly CatalogueColumn[]): string {
  const tables = [...Map.groupBy(columns, ({ table }) => table)].toSorted(([left], [right]) =>
    left < right ? -1 : 1,
  );
  const types = tables.map(([table, own]) => {
    const fields = own.map((column) => `  ${column.column}: ${typeOf(column)};`);
    return `export type ${typeName(table)} = {\n${fields.join('\n')}\n};\n`;
  });
  const names = tables.map(([table]) => `  ${table}: ${typeName(table)};`);
  const all = `/** The rows of schema \`floe\`, named as in SQL. */\nexport type FloeTables = {\n${names.join('\n')}\n};\n`;
  return [HEAD, ...types, all].join('\n');
}

function typeName(table: string): string {
  const words = table.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join('')}Table`;
}

function typeOf({ table, column, type, isNullable, hasDefault }: CatalogueColumn): string {
  const named = NAMED[type];
  if (named !== undefined)
    return `${isNullable ? 'Optional' : hasDefault ? 'Generated' : ''}${named}`;
  const plain = TYPES[type];
  if (plain === undefined)
    throw new Error(`${table}.${column} has the type ${type}: add it to the list`);
  if (isNullable) return `Optional<${plain}>`;
  return hasDefault ? `Generated<${plain}>` : plain;
}

/**
 * The oracle of lineage for SQL: columns of the tables are changed, the query runs again, and only columns that its
 * lineage names may come out changed. It hunts edges that are lost between a query and its tree.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import {
  columnLineage,
  parseSql,
  sqlProgram,
  toFramePlan,
  type ColumnLineage,
  type FramePlan,
} from '../../src/index.ts';
import { executePlan } from '../execute-plan.ts';
import { columnTexts } from '../perturbed-frames.ts';
import { SQL_SCHEMAS, sqlTables, toLazyTables, type SqlTables } from './sql-tables.ts';

/** Each statement runs some dozen times. */
vi.setConfig({ testTimeout: 240_000 });

const STATEMENTS = readFileSync(new URL('statements.txt', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => ({ isOrdered: line.startsWith('!'), sql: line.replace(/^!/, '') }));

type Table = keyof typeof SQL_SCHEMAS;
type Source = { readonly input: Table; readonly column: string };

/** What can be changed: the number of a row tells rows apart and stays. */
const SOURCES: readonly Source[] = Object.entries(SQL_SCHEMAS).flatMap(([input, schema]) =>
  schema.flatMap(({ name }) => (name === 'id' ? [] : [{ input: input as Table, column: name }])),
);

/** The columns of the generated rows from which a column is made. */
const PARTS: Readonly<Record<string, readonly string[]>> = { st: ['x', 'y'] };

/** The tables with the values that other tables have in these columns. */
function changed(tables: SqlTables, others: SqlTables, sources: readonly Source[]): SqlTables {
  const withOthers = (input: Table) => {
    const names = sources
      .filter((source) => source.input === input)
      .flatMap(({ column }) => PARTS[column] ?? [column]);
    return tables[input].map((row, index) => {
      const other: Readonly<Record<string, unknown>> = others[input][index % others[input].length]!;
      return { ...row, ...Object.fromEntries(names.map((name) => [name, other[name]])) };
    });
  };
  return { t: withOthers('t'), u: withOthers('u'), w: withOthers('w') } as SqlTables;
}

function isNamed(lineage: ColumnLineage, name: string, { input, column }: Source): boolean {
  const sources = lineage.columns.find((each) => each.name === name)?.sources ?? [];
  return [...lineage.dependencies, ...sources].some(
    (edge) => edge.input === input && edge.column === column,
  );
}

/** A query that runs; groups and joins come in the order of chance, so that without an order values are a heap. */
type Runnable = { readonly plan: FramePlan; readonly isOrdered: boolean };

/** Undefined where the values make the query fail: what fails has no columns to compare. */
function run(
  { plan, isOrdered }: Runnable,
  tables: SqlTables,
): ReadonlyMap<string, string> | undefined {
  try {
    const columns = columnTexts(executePlan(plan, toLazyTables(tables)));
    return isOrdered ? columns : new Map([...columns].map(([name, text]) => [name, heaped(text)]));
  } catch {
    return undefined;
  }
}

function heaped(text: string): string {
  const values = (JSON.parse(text) as readonly unknown[]).map((value) => JSON.stringify(value));
  return JSON.stringify(values.toSorted());
}

test('no query changes a column that its lineage does not name', () => {
  let felt = 0;
  const unnamed: string[] = [];
  for (const { sql, isOrdered } of STATEMENTS) {
    const found = sqlProgram(parseSql(sql, { inputs: ['t', 'u', 'w'] }), { inputs: SQL_SCHEMAS });
    if (found.kind === 'opaque') continue;
    const query = { plan: toFramePlan(found.program, {}), isOrdered };
    const lineage = columnLineage(found.program, SQL_SCHEMAS);
    fc.assert(
      fc.property(sqlTables, sqlTables, (tables, others) => {
        const before = run(query, tables);
        const repeated = run(query, tables);
        for (const [name, text] of before ?? []) {
          if (repeated?.get(name) !== text) continue;
          const after = (named: boolean) => {
            const sources = SOURCES.filter((each) => isNamed(lineage, name, each) === named);
            return run(query, changed(tables, others, sources))?.get(name) ?? text;
          };
          if (after(false) !== text) unnamed.push(`${name}: ${sql}`);
          if (after(true) !== text) felt += 1;
        }
      }),
      { numRuns: 6, seed: 5 },
    );
  }
  expect(unnamed).toEqual([]);
  // The changes are felt: statements that nothing changes would prove nothing.
  expect(felt).toBeGreaterThan(STATEMENTS.length * 2);
});

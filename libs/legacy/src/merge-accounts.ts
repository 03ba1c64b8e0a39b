/**
 * A past run that several sources know, each in its own way, as one run.
 *
 *   G1. The same accounts make the same run, in whatever order they came.
 *   G2. Nothing is lost: every account is kept as it was.
 *   G3. A field is that of the first source that says something: the tables that reports were made from, the document of the
 *       job run, Prefect. Nothing is: no value, an empty text, list or object.
 *   G4. How it ended is one source's word, with its time: of the first that knows an end, for one may have been written sooner.
 *   G5. Of tries the most are true.
 */
import { isRecord, type Json, type JsonRecord } from './json.ts';
import type { PastRun } from './past-run.ts';
import { PAST_NODE_COLUMNS, PAST_RUN_COLUMNS } from './run-columns.ts';

/** What one source says of a run: rows as the tables of Floe take them, and what it was read from. */
export type Account = {
  readonly source: PastRun['source'];
  readonly checksum: string;
  readonly run: JsonRecord;
  readonly nodes: readonly JsonRecord[];
  readonly document: JsonRecord;
};

export type MergedRun = { readonly run: JsonRecord; readonly nodes: readonly JsonRecord[] };

const PRECEDENCE: readonly PastRun['source'][] = ['workflow_run_stats', 'jobRun', 'prefect'];
const OVER: ReadonlySet<Json | undefined> = new Set(['Completed', 'Failed', 'Stopped']);

/** At least one account, each of another source. */
export function mergeAccounts(accounts: readonly Account[]): MergedRun {
  const ordered = accounts.toSorted(
    (one, other) => PRECEDENCE.indexOf(one.source) - PRECEDENCE.indexOf(other.source),
  );
  const runs = ordered.map(({ run }) => run);
  const ended = runs.find(({ run_status: status }) => OVER.has(status)) ?? runs[0]!;
  return {
    run: {
      ...firstSaid(runs, PAST_RUN_COLUMNS),
      ...pick(ended, ['run_status', 'end_timestamp']),
      retry_count: most(runs, 'retry_count'),
      max_retries: most(runs, 'max_retries'),
      source: ordered[0]!.source,
      document: { accounts: Object.fromEntries(ordered.map((each) => [each.source, each])) },
    },
    nodes: mergeNodes(ordered.map(({ nodes }) => nodes)),
  };
}

function mergeNodes(lists: readonly (readonly JsonRecord[])[]): readonly JsonRecord[] {
  const byId = Map.groupBy(lists.flat(), ({ node_id: id }) => id);
  return [...byId.values()].map((rows) => {
    const ended = rows.find((row) => says(row['node_end_timestamp'])) ?? rows[0]!;
    return {
      ...firstSaid(rows, PAST_NODE_COLUMNS),
      ...pick(ended, ['node_status', 'node_end_timestamp', 'error_message']),
    };
  });
}

function firstSaid(rows: readonly JsonRecord[], columns: readonly string[]): JsonRecord {
  return Object.fromEntries(
    columns.map((column) => {
      const values = rows.map((row) => row[column]);
      return [column, values.find(says) ?? values.find((value) => value !== undefined) ?? null];
    }),
  );
}

function says(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

function pick(row: JsonRecord, columns: readonly string[]): JsonRecord {
  return Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));
}

function most(rows: readonly JsonRecord[], column: string): number {
  return Math.max(...rows.map((row) => Number(row[column] ?? 0)));
}

/** The accounts that a merged run was made from, by its document; none where one source alone knows it. */
export function accountsOf(document: unknown): readonly Account[] {
  const accounts = isRecord(document) ? document['accounts'] : undefined;
  return isRecord(accounts) ? (Object.values(accounts) as unknown as Account[]) : [];
}

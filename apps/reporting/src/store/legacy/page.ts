import { sql, type RawBuilder } from 'kysely';

/** The columns that lists can be sorted by. Runs that are the same in one come in the order of their start. */
export const SORT_COLUMNS = [
  'start_timestamp',
  'end_timestamp',
  'workflow_run_id',
  'workflow_id',
  'workflow_name',
  'job_run_id',
  'job_name',
  'folder_name',
  'workspace_name',
  'run_status',
  'run_by',
] as const;

export type SortColumn = (typeof SORT_COLUMNS)[number];

export type Page = {
  readonly column: SortColumn;
  readonly isAscending: boolean;
  readonly limit: number;
  readonly skip: number;
  /** So few are found first and sorted then. Of more, a walk in the order of the page soon meets enough. */
  readonly foundMax: number;
};

/** One kind of runs, of Floe or imported, in the order of a page: rows of `key`, `start`, `id`, and `run_id` of Floe. */
export type Entries = RawBuilder<unknown>;

export function direction({ isAscending }: Page): RawBuilder<unknown> {
  return isAscending ? sql`asc` : sql`desc`;
}

/** As many of one kind as can be on the page, with what is before it. */
export function reach({ skip, limit }: Page): number {
  return skip + limit;
}

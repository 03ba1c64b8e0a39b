import type { ChaosFloe } from './chaos-floe.ts';
import type { FollowedRun } from './load.ts';
import { SOURCE_ROWS, WORKFLOWS } from './workflows.ts';

/** What must be 0 after a chaos, and what each number would mean. */
export type Harm = {
  /** Loads that succeeded and whose rows are not all there. */
  readonly lost_effects: number;
  /** Loads whose rows are there more than once. */
  readonly doubled_effects: number;
  /** Loads that did not succeed and of which some rows are there. */
  readonly partial_effects: number;
  /** Runs that were cancelled and whose rows changed after that. */
  readonly late_effects: number;
  /** Starts that were answered and whose run is not in the control database. */
  readonly lost_runs: number;
  /** Runs beyond one for each request id. */
  readonly doubled_runs: number;
  /** Runs that did not end in time. */
  readonly stuck_runs: number;
  /** Runs that nobody cancelled and that did not succeed. */
  readonly failed_runs: number;
};

/** What the databases hold. */
export type Holding = {
  /** Rows of each batch in the target, and how many different ones. */
  readonly batches: ReadonlyMap<number, Found>;
  readonly runIds: ReadonlySet<string>;
};

type Found = { readonly rows: number; readonly ids: number };

export async function readHolding({ sql }: Pick<ChaosFloe, 'sql'>): Promise<Holding> {
  const batches = await sql<Found & { batch: string }>(
    'demo',
    `select batch::text as batch, count(*)::int as rows, count(distinct id)::int as ids
     from public.chaos_target group by batch`,
  );
  const runs = await sql<{ run_id: string }>(
    'control',
    'select run_id::text as run_id from floe.run',
  );
  return {
    batches: new Map(batches.map((row) => [Number(row.batch), row])),
    runIds: new Set(runs.map((row) => row.run_id)),
  };
}

/** Holds what the clients were told against what the databases hold. */
export function countHarm(runs: readonly FollowedRun[], { batches, runIds }: Holding): Harm {
  const answered = runs.filter((run) => run.runId !== undefined);
  const loads = runs
    .filter((run) => WORKFLOWS[run.kind].loads)
    .map((run) => ({ run, found: batches.get(run.batch) ?? { rows: 0, ids: 0 } }));
  const ofLoads = (holds: (load: { run: FollowedRun; found: Found }) => boolean) =>
    loads.filter(holds).length;
  return {
    lost_effects: ofLoads(({ run, found }) => isSuccess(run) && found.ids < SOURCE_ROWS),
    doubled_effects: ofLoads(({ found }) => found.rows > found.ids),
    partial_effects: ofLoads(({ run, found }) => !isSuccess(run) && isPart(found)),
    late_effects: ofLoads(
      ({ run, found }) => run.rowsAtEnd !== undefined && found.rows !== run.rowsAtEnd,
    ),
    lost_runs: answered.filter((run) => !runIds.has(run.runId!)).length,
    doubled_runs: Math.max(0, runIds.size - runs.length),
    stuck_runs: runs.filter((run) => run.state === undefined).length,
    failed_runs: runs.filter(isFailure).length,
  };
}

function isSuccess(run: FollowedRun): boolean {
  return run.state === 'RUN_STATE_SUCCEEDED';
}

function isFailure(run: FollowedRun): boolean {
  return run.state === 'RUN_STATE_FAILED' || run.state === 'RUN_STATE_TIMED_OUT';
}

function isPart({ rows }: Found): boolean {
  return rows > 0 && rows < SOURCE_ROWS;
}

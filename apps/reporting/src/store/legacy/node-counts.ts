/**
 * The nodes of runs, counted. It looks into one run at a time: a join of the views would read the history of all runs to find
 * those of a page. Of a run that has ended the counts are kept.
 */
import type { ControlDatabase } from '@floe/database';
import { SettledRuns, type RunAtEvent } from '../../settled-runs.ts';

export type NodeCountsRow = {
  readonly total_nodes: number;
  readonly completed_nodes: number;
  readonly failed_nodes: number;
  readonly running_nodes: number;
  readonly records_processed: number;
};

/** A run of a page: of Floe, or imported. */
export type CountedRow = {
  readonly workflow_run_id: string;
  readonly floe_run_id: string | null;
  /** Of a run of Floe. */
  readonly state: string | null;
  readonly event_sequence: number | null;
  readonly ended_at: number | null;
};

const COUNTS = `
  count(*) as total_nodes, count(*) filter (where d.node_status = 'Completed') as completed_nodes,
  count(*) filter (where d.node_status = 'Failed') as failed_nodes,
  count(*) filter (where d.node_status = 'Running') as running_nodes,
  coalesce(sum(d.target_rows) filter (where d.node_type = 'target'), 0)::bigint as records_processed`;

const OWN = {
  name: 'reporting.count_own_nodes',
  text: `/* reporting.count_own_nodes */
    select wanted.id, n.* from unnest($1::uuid[]) wanted(id) cross join lateral (
      select ${COUNTS} from (
        select node_status, node_type, rows as target_rows from run_node where run_id = wanted.id
      ) d
    ) n`,
};

const IMPORTED = {
  name: 'reporting.count_imported_nodes',
  text: `/* reporting.count_imported_nodes */
    select wanted.id, n.* from unnest($1::text[]) wanted(id) cross join lateral (
      select ${COUNTS} from legacy_node_run d where d.workflow_run_id = wanted.id
    ) n`,
};

// An import may say anew of which nodes a workflow is; nobody waits longer for that.
const KEPT_MS = 600_000;

type Kept = { readonly counts: NodeCountsRow; readonly untilMs: number };

export class NodeCounts {
  readonly #database: Pick<ControlDatabase, 'query'>;
  readonly #now: () => number;
  readonly #settled: SettledRuns<Kept>;

  constructor(database: Pick<ControlDatabase, 'query'>, now: () => number) {
    this.#database = database;
    this.#now = now;
    this.#settled = new SettledRuns(now);
  }

  /** In the order of the rows. */
  async of(rows: readonly CountedRow[]): Promise<readonly NodeCountsRow[]> {
    const own = rows.flatMap((row) => runOf(row) ?? []);
    const known = new Map(own.map((run) => [run.run_id, this.#kept(run)]));
    const missing = own.filter((run) => known.get(run.run_id) === undefined);
    const imported = rows.filter((row) => row.floe_run_id === null);
    const [read, ofImported] = await Promise.all([
      this.#read(OWN, missing.map(idOf)),
      this.#read(
        IMPORTED,
        imported.map((row) => row.workflow_run_id),
      ),
    ]);
    const untilMs = this.#now() + KEPT_MS;
    for (const run of missing) this.#settled.keep(run, { counts: read.get(run.run_id)!, untilMs });
    return rows.map((row) => {
      const run = runOf(row);
      if (run === undefined) return ofImported.get(row.workflow_run_id)!;
      return known.get(run.run_id) ?? read.get(run.run_id)!;
    });
  }

  #kept(run: RunAtEvent): NodeCountsRow | undefined {
    const kept = this.#settled.get(run);
    return kept !== undefined && kept.untilMs > this.#now() ? kept.counts : undefined;
  }

  async #read(
    statement: typeof OWN,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, NodeCountsRow>> {
    if (ids.length === 0) return new Map();
    const rows = await this.#database.query<NodeCountsRow & { readonly id: string }>(statement, [
      ids,
    ]);
    return new Map(rows.map((row) => [row.id, row]));
  }
}

function runOf({ floe_run_id: runId, state, ...rest }: CountedRow): RunAtEvent | undefined {
  if (runId === null || state === null) return undefined;
  return { run_id: runId, state, event_sequence: rest.event_sequence!, ended_at: rest.ended_at };
}

function idOf({ run_id: runId }: RunAtEvent): string {
  return runId;
}

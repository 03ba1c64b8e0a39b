/**
 * The runs that go on while things break.
 *
 *   L1. Each start has a request id and is repeated with it until it is answered: then the run may not be lost (P1), and
 *       there may be only one for the id.
 *   L2. Each run has a batch number of its own, by which its rows are found.
 *   L3. A run is followed until it ends; errors of the way there only delay that.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Run, RunState } from '@floe/client';
import type { ChaosFloe } from './chaos-floe.ts';
import { persist } from './patience.ts';
import type { Random } from './random.ts';
import { WORKFLOWS, type WorkflowKind } from './workflows.ts';

export type FollowedRun = {
  readonly batch: number;
  readonly kind: WorkflowKind;
  /** Absent until the start is answered. */
  runId?: string;
  state?: RunState;
  why?: string;
  /** Rows of its batch when its end was seen; for runs that were cancelled. */
  rowsAtEnd?: number;
};

type Share = { readonly kind: WorkflowKind; readonly cancels: boolean };

const ENDED: readonly RunState[] = [
  'RUN_STATE_SUCCEEDED',
  'RUN_STATE_FAILED',
  'RUN_STATE_CANCELLED',
  'RUN_STATE_TIMED_OUT',
];
// As many as keep the slots of two executors busy without a queue that hides how fast things recover.
const CALLERS = 4;
// What the callers start, in turn.
const SHARES: readonly Share[] = [
  { kind: 'load', cancels: false },
  { kind: 'fan', cancels: false },
  { kind: 'load', cancels: false },
  { kind: 'slow', cancels: true },
];
// A cancel comes between at once and after the end of a slow run.
const CANCEL_WITHIN_MS = 3_000;
// An outage ends within seconds; a start that is not answered for this long is one that will not be.
const ANSWER = { withinMs: 60_000, everyMs: 200 };
// A run that has not ended after this is stuck: everything it waits for is bounded far below.
export const STUCK_AFTER_MS = 120_000;
const LOOK_EVERY_MS = 100;

export class Load {
  readonly runs: FollowedRun[] = [];
  readonly #floe: ChaosFloe;
  readonly #random: Random;
  readonly #open = new Map<FollowedRun, Promise<void>>();
  #callers: Promise<void>[] = [];
  #isStopping = false;

  constructor(floe: ChaosFloe, random: Random) {
    this.#floe = floe;
    this.#random = random;
  }

  start(): void {
    this.#callers = Array.from({ length: CALLERS }, (_, index) => this.#call(index));
  }

  /** Resolves when the callers have seen the end of their last run. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#callers);
    await Promise.all(this.#open.values());
  }

  /** Resolves when all runs of this moment and one that starts now have ended. */
  async settle(): Promise<void> {
    const open = [...this.#open.values(), this.#follow({ kind: 'load', cancels: false })];
    await Promise.all(open);
  }

  async #call(first: number): Promise<void> {
    for (let turn = first; !this.#isStopping; turn += 1) {
      await this.#follow(SHARES[turn % SHARES.length]!);
    }
  }

  #follow(share: Share): Promise<void> {
    const run: FollowedRun = { batch: this.runs.length + 1, kind: share.kind };
    this.runs.push(run);
    const following = this.#toEnd(run, share).finally(() => this.#open.delete(run));
    this.#open.set(run, following);
    return following;
  }

  async #toEnd(run: FollowedRun, { kind, cancels }: Share): Promise<void> {
    const { client } = this.#floe;
    const start = {
      workflowName: WORKFLOWS[kind].name,
      parameters: { batch: run.batch },
      requestId: randomUUID(),
    };
    try {
      run.runId = (await persist(() => client.startRun(start), ANSWER)).run.runId;
      if (cancels) await this.#cancelLater(run.runId);
      const ended = await this.#awaitEnd(run.runId);
      run.state = ended.state;
      run.why = ended.failure?.message;
      if (ended.state !== 'RUN_STATE_SUCCEEDED') run.rowsAtEnd = await this.#countRows(run.batch);
    } catch (thrown) {
      // Not answered or stuck: the run has no state, which is counted at the end.
      run.why = String(thrown);
    }
  }

  async #cancelLater(runId: string): Promise<void> {
    await delay(this.#random.below(CANCEL_WITHIN_MS));
    // A run that has ended already cannot be cancelled, which is an answer too.
    await persist(async () => {
      const { state } = await this.#floe.client.getRun(runId);
      if (!ENDED.includes(state)) await this.#floe.client.cancelRun(runId);
    }, ANSWER);
  }

  #awaitEnd(runId: string): Promise<Run> {
    const look = async () => {
      const run = await this.#floe.client.getRun(runId);
      if (!ENDED.includes(run.state)) throw new Error(`run ${runId} is ${run.state}`);
      return run;
    };
    return persist(look, { withinMs: STUCK_AFTER_MS, everyMs: LOOK_EVERY_MS });
  }

  async #countRows(batch: number): Promise<number> {
    const text = `select count(*)::int as rows from public.chaos_target where batch = ${batch}`;
    const [row] = await persist(() => this.#floe.sql<{ rows: number }>('demo', text), ANSWER);
    return row?.rows ?? 0;
  }
}

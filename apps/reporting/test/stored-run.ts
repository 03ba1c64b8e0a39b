import { randomBytes } from 'node:crypto';
import type { ControlDatabase } from '@floe/database';
import { Run, RunState, TaskRun, TaskState } from '@floe/rpc/contracts';

type Db = ControlDatabase['db'];

export type TaskSeed = {
  readonly taskId: string;
  readonly type?: string;
  readonly state?: string;
  readonly rows?: number;
  readonly bytes?: number;
  /** Set: it waits in the queue since then. */
  readonly readyAt?: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly attempts?: readonly AttemptSeed[];
  readonly dataset?: object;
  readonly failure?: object;
  readonly pool?: string;
  readonly labels?: readonly string[];
  readonly peakMemoryBytes?: number;
  readonly uncounted?: boolean;
  /** How many of its items have ended how. */
  readonly items?: { readonly total: number; readonly succeeded: number; readonly failed: number };
};

export type AttemptSeed = {
  readonly state: string;
  readonly readyAt: number;
  readonly claimedAt?: number;
  readonly endedAt?: number;
  readonly rows?: number;
};

export type RunSeed = {
  readonly workflowName?: string;
  readonly state?: string;
  readonly createdAt?: number;
  readonly endedAt?: number;
  readonly failure?: object;
  /** When a scheduler should act. */
  readonly wakeAt?: number;
  readonly version?: number;
  readonly parameters?: object;
  readonly tasks?: readonly TaskSeed[];
};

/** A UUIDv7 of an instant, as the scheduler makes them. */
export function newRunId(at: number): string {
  const time = at.toString(16).padStart(12, '0');
  const random = randomBytes(10).toString('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-8${random.slice(3, 6)}-${random.slice(6, 18)}`;
}

/** Writes a run with its task runs and attempts as the scheduler would. Answers its id. */
export async function storeRun(db: Db, seed: RunSeed = {}): Promise<string> {
  const createdAt = seed.createdAt ?? Date.now();
  const runId = newRunId(createdAt);
  const created = new Date(createdAt);
  await db
    .insertInto('run')
    .values({
      run_id: runId,
      workflow_name: seed.workflowName ?? 'etl',
      workflow_version: seed.version ?? 1,
      failure: seed.failure === undefined ? null : JSON.stringify(seed.failure),
      wake_at: seed.wakeAt === undefined ? null : new Date(seed.wakeAt),
      state: seed.state ?? 'running',
      trigger: 'manual',
      parameters: JSON.stringify(
        seed.parameters ?? { since: { kind: 'date', value: '2001-01-01' } },
      ),
      created_at: created,
      started_at: created,
      ended_at: seed.endedAt === undefined ? null : new Date(seed.endedAt),
      deadline_at: new Date(createdAt + 3_600_000),
      trace_id: randomBytes(16).toString('hex'),
      span_id: randomBytes(8).toString('hex'),
      trace_flags: 1,
    })
    .execute();
  for (const [index, task] of (seed.tasks ?? []).entries()) {
    await storeTask(db, task, { runId, index });
  }
  return runId;
}

function extraOf({ uncounted, items }: TaskSeed): string | null {
  if (uncounted !== true && items === undefined) return null;
  return JSON.stringify({ ...(uncounted === true && { hasUncountedRows: true }), items });
}

async function storeTask(
  db: Db,
  task: TaskSeed,
  { runId, index }: { readonly runId: string; readonly index: number },
): Promise<void> {
  const attempts = task.attempts ?? [];
  await db
    .insertInto('task_run')
    .values({
      run_id: runId,
      task_index: index,
      task_id: task.taskId,
      type: task.type ?? 'expression_transform',
      state: task.state ?? 'pending',
      epoch: attempts.length,
      attempt_count: attempts.length,
      loss_count: attempts.filter((attempt) => attempt.state === 'lost').length,
      ready_at: task.readyAt === undefined ? null : new Date(task.readyAt),
      rank_at: task.readyAt ?? null,
      started_at: task.startedAt === undefined ? null : new Date(task.startedAt),
      ended_at: task.endedAt === undefined ? null : new Date(task.endedAt),
      rows: task.rows ?? 0,
      bytes: task.bytes ?? 0,
      peak_memory_bytes: task.peakMemoryBytes ?? 0,
      pool: task.pool ?? 'default',
      labels: task.labels === undefined ? null : [...task.labels],
      extra: extraOf(task),
      dataset: task.dataset === undefined ? null : JSON.stringify(task.dataset),
      failure: task.failure === undefined ? null : JSON.stringify(task.failure),
      span_id: randomBytes(8).toString('hex'),
    })
    .execute();
  for (const [number, attempt] of attempts.entries()) {
    await storeAttempt(db, attempt, { runId, index, epoch: number + 1 });
  }
}

async function storeAttempt(
  db: Db,
  attempt: AttemptSeed,
  key: { readonly runId: string; readonly index: number; readonly epoch: number },
): Promise<void> {
  const optional = (at: number | undefined) => (at === undefined ? null : new Date(at));
  await db
    .insertInto('attempt')
    .values({
      run_id: key.runId,
      task_index: key.index,
      epoch: key.epoch,
      number: key.epoch,
      state: attempt.state,
      executor_id: attempt.claimedAt === undefined ? null : 'executor-1',
      ready_at: new Date(attempt.readyAt),
      claimed_at: optional(attempt.claimedAt),
      ended_at: optional(attempt.endedAt),
      rows: attempt.rows ?? 0,
      bytes: 0,
      peak_memory_bytes: 0,
      span_id: randomBytes(8).toString('hex'),
    })
    .execute();
}

export type EventSeed = {
  readonly runId: string;
  readonly type: string;
  /** The run's state after the change; unchanged when absent. */
  readonly state?: string;
  readonly taskId?: string;
};

/** Changes a run, and writes the next event of it, in one transaction. Answers the event's number. */
export async function appendEvent(db: Db, event: EventSeed): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const row = await tx
      .updateTable('run')
      .set((eb) => ({
        event_sequence: eb('event_sequence', '+', 1),
        ...(event.state !== undefined && { state: event.state }),
      }))
      .where('run_id', '=', event.runId)
      .returning(['event_sequence', 'state', 'trace_id', 'workflow_name'])
      .executeTakeFirstOrThrow();
    const run = Run.create({
      runId: event.runId,
      workflowName: row.workflow_name,
      state: RunState[row.state.toUpperCase() as keyof typeof RunState],
      traceId: row.trace_id,
      sequence: BigInt(row.event_sequence),
    });
    const { taskId } = event;
    const taskRun = taskId === undefined ? undefined : { taskId, state: TaskState.RUNNING };
    const data = {
      run: Run.toJSON(run),
      ...(taskRun && { taskRun: TaskRun.toJSON(TaskRun.create(taskRun)) }),
    };
    await tx
      .insertInto('run_event_batch')
      .values({
        run_id: event.runId,
        first_sequence: row.event_sequence,
        last_sequence: row.event_sequence,
        occurred_at: new Date(),
        before: '{}',
        events: JSON.stringify([{ type: event.type, said: data }]),
      })
      .execute();
    return row.event_sequence;
  });
}

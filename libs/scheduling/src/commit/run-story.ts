import type { RunDraft, TaskStatus } from '@floe/engine';
import type { EventBatch, RunEvent, RunFacts, TaskFacts } from '../events/run-event.ts';
import type { RunRecord } from '../runs/run-record.ts';
import { runEventType, runFacts, taskFacts } from './run-facts.ts';
import type { TaskDetails } from './task-details.ts';

/** What happened to a run in a transaction, as subscribers are told: each event shows what it is about as it was just then. */
export class RunStory {
  readonly #record: RunRecord;
  readonly #draft: Pick<RunDraft, 'task' | 'head'>;
  readonly #details: TaskDetails;
  readonly #before: RunFacts;
  /** States as the events so far have told them. */
  readonly #told = new Map<number, TaskStatus>();
  readonly #events: RunEvent[] = [];

  constructor(record: RunRecord, draft: RunDraft, details: TaskDetails) {
    this.#record = record;
    this.#draft = draft;
    this.#details = details;
    this.#before = runFacts(record);
  }

  get length(): number {
    return this.#events.length;
  }

  tellQueued(): void {
    this.#events.push({ type: 'run.queued', run: { status: 'queued' } });
  }

  tellRun(status: RunFacts['status']): void {
    const { startedAt, endedAt, failure } = this.#draft.head();
    this.#events.push({
      type: runEventType(status),
      run: { status, startedAt, endedAt, failure },
    });
  }

  tellTask(task: number, status: TaskStatus): void {
    this.#tell(task, { type: `task.${status}`, status });
  }

  tellRecall(task: number): void {
    this.#tell(task, { type: 'task.recalled', status: 'pending' });
  }

  tellDataset(task: number): void {
    this.#events.push({ type: 'dataset.created', task, facts: this.#facts(task) });
  }

  /** Numbered after the events of earlier transactions; undefined when nothing happened. */
  batch(at: number): EventBatch | undefined {
    if (this.#events.length === 0) return undefined;
    const { runId, eventSequence } = this.#record;
    return {
      runId,
      firstSequence: eventSequence + 1,
      at,
      before: this.#before,
      events: this.#events,
    };
  }

  #tell(task: number, { type, status }: { readonly type: string; readonly status: TaskStatus }) {
    const from = this.#told.get(task) ?? this.#record.state.tasks[task]!.status;
    this.#told.set(task, status);
    this.#events.push({ type, task, from, facts: this.#facts(task, status) });
  }

  #facts(task: number, status?: TaskStatus): TaskFacts {
    return taskFacts(this.#draft.task(task), this.#details.of(task), status);
  }
}

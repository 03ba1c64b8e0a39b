/**
 * The approvals that wait for a person. Which tasks of a version ask somebody is read once: a version does not change.
 *
 *   A1. Of versions without approvals that is what is kept, so that they are not read again.
 *   A2. At most `VERSIONS_MAX` are kept, those that were asked about last.
 */
import type { ControlDatabase } from '@floe/database';
import {
  readApprovalTasks,
  readOpenVersions,
  readWaitingApprovals,
  type ApprovalTask,
  type VersionKey,
  type WaitingApproval,
} from '../store/read-approvals.ts';

// More versions than go on at once; each is a name and, if it has approvals, their questions.
const VERSIONS_MAX = 2_000;

export type Waiting = WaitingApproval & { readonly message: string };

export class Approvals {
  readonly #db: ControlDatabase['db'];
  readonly #tasks = new Map<string, readonly ApprovalTask[]>();

  constructor(db: ControlDatabase['db']) {
    this.#db = db;
  }

  /** Those that nobody has answered, the oldest first. Throws DATABASE_UNAVAILABLE. */
  async waiting(limit: number): Promise<readonly Waiting[]> {
    const versions = await readOpenVersions(this.#db, VERSIONS_MAX);
    const tasks = await this.#tasksOf(versions);
    if (tasks.length === 0) return [];
    const messages = new Map(tasks.map((task) => [`${keyOf(task)} ${task.taskId}`, task.message]));
    const waiting = await readWaitingApprovals(this.#db, tasks, limit);
    return waiting.map((row) => ({
      ...row,
      message: messages.get(`${keyOf(row)} ${row.task_id}`) ?? '',
    }));
  }

  async #tasksOf(versions: readonly VersionKey[]): Promise<readonly ApprovalTask[]> {
    const unknown = versions.filter((version) => !this.#tasks.has(keyOf(version)));
    if (unknown.length > 0) {
      const read = Map.groupBy(await readApprovalTasks(this.#db, unknown), keyOf);
      // A1
      for (const version of unknown)
        this.#tasks.set(keyOf(version), read.get(keyOf(version)) ?? []);
    }
    const found = versions.flatMap((version) => this.#use(keyOf(version)));
    this.#forget();
    return found;
  }

  #use(key: string): readonly ApprovalTask[] {
    const tasks = this.#tasks.get(key) ?? [];
    this.#tasks.delete(key);
    this.#tasks.set(key, tasks);
    return tasks;
  }

  /** A2 */
  #forget(): void {
    for (const key of this.#tasks.keys()) {
      if (this.#tasks.size <= VERSIONS_MAX) return;
      this.#tasks.delete(key);
    }
  }
}

function keyOf({ workflowName, version }: VersionKey): string {
  return `${workflowName}@${version}`;
}

import type { TaskProgress } from '@floe/rpc/contracts';
import type { ProgressRow } from '../store/read-progress.ts';

/** Remembers how far each running task was when it was last told, so that only news is told. */
export class ProgressFilter {
  #told = new Map<string, ProgressRow>();

  /** The tasks that went on since the last call. Tasks that no longer run are forgotten. */
  changes(rows: readonly ProgressRow[]): TaskProgress[] {
    const before = this.#told;
    this.#told = new Map(rows.map((row) => [row.task_id, row]));
    return rows.flatMap((row) => {
      const last = before.get(row.task_id) ?? { rows: 0, bytes: 0 };
      if (row.rows === last.rows && row.bytes === last.bytes) return [];
      return [{ taskId: row.task_id, rows: BigInt(row.rows), bytes: BigInt(row.bytes) }];
    });
  }
}

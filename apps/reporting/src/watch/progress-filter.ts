import type { TaskProgress } from '@floe/rpc/contracts';
import type { ProgressRow } from '../store/read-progress.ts';

const NOTHING: Omit<ProgressRow, 'task_id'> = { rows: 0, bytes: 0, items: null };

/** Remembers how far each running task was when it was last told, so that only news is told. */
export class ProgressFilter {
  #told = new Map<string, ProgressRow>();

  /** The tasks that went on since the last call. Tasks that no longer run are forgotten. */
  changes(rows: readonly ProgressRow[]): TaskProgress[] {
    const before = this.#told;
    this.#told = new Map(rows.map((row) => [row.task_id, row]));
    return rows.flatMap((row) => {
      const { task_id: taskId, items } = row;
      if (isSame(row, before.get(taskId) ?? NOTHING)) return [];
      const amounts = { rows: BigInt(row.rows), bytes: BigInt(row.bytes) };
      return [{ taskId, ...amounts, items: items ?? undefined }];
    });
  }
}

type Amounts = Omit<ProgressRow, 'task_id'>;

function isSame(left: Amounts, right: Amounts): boolean {
  const done = ({ items }: Amounts) => (items?.succeeded ?? 0) + (items?.failed ?? 0);
  return left.rows === right.rows && left.bytes === right.bytes && done(left) === done(right);
}

import { emitSpansNow } from '@floe/telemetry';
import type { ControlDatabase } from '@floe/database';
import { runSpans } from './run-spans.ts';

// One export carries this many spans: collectors refuse messages above 4 MiB.
const SPANS_PER_EXPORT = 500;

/**
 * Exports the spans of a run that has ended, of its tasks and of its attempts, from what the database says. Their ids
 * were chosen when they were created, so whatever ran under them finds its parent, also after a kill.
 */
export async function emitRunTrace(db: ControlDatabase['db'], runId: string): Promise<void> {
  const run = await db.selectFrom('run').selectAll().where('run_id', '=', runId).executeTakeFirst();
  if (run === undefined) return;
  const tasks = await db
    .selectFrom('task_run')
    .selectAll()
    .where('run_id', '=', runId)
    .orderBy('task_index')
    .execute();
  const attempts = await db
    .selectFrom('attempt')
    .selectAll()
    .where('run_id', '=', runId)
    .orderBy('task_index')
    .orderBy('epoch')
    .execute();
  const spans = runSpans({ run, tasks, attempts });
  for (let start = 0; start < spans.length; start += SPANS_PER_EXPORT) {
    await emitSpansNow(spans.slice(start, start + SPANS_PER_EXPORT));
  }
}

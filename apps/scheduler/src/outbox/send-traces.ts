import type { ControlDatabase } from '@floe/database';
import type { Log } from '@floe/telemetry';
import type { StoredOutboxRow } from '../commit/rows.ts';
import { TRACE_FAILURES_MAX } from '../limits.ts';
import { emitRunTrace } from '../trace/emit-run-trace.ts';

export type TraceSender = { readonly db: ControlDatabase['db']; readonly log: Log };

/** Exports the traces of runs that have ended. Gives the ids of the rows whose trace the collector accepted. */
export async function sendTraces(
  { db, log }: TraceSender,
  rows: readonly StoredOutboxRow[],
): Promise<number[]> {
  const sent: number[] = [];
  let failures = 0;
  for (const row of rows) {
    if (failures >= TRACE_FAILURES_MAX) break;
    try {
      await emitRunTrace(db, row.run_id);
      sent.push(row.id);
      failures = 0;
    } catch (error) {
      failures += 1;
      log.warn({ err: error, run_id: row.run_id }, 'the trace of a run was not accepted');
    }
  }
  return sent;
}

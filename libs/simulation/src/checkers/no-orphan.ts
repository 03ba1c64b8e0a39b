import type { MakeChecker } from './checker.ts';

// Everything that a dead holder had is free again within twice the lease.
const FREE_WITHIN_MS = 12_000;
// The lease, its grace, the look that finds it, and the transaction that ends it.
const REAPED_WITHIN_MS = 5_000;

export const noOrphan: MakeChecker = ({ tables, now, wholeForMs, runningWork }) => ({
  name: 'no-orphan',
  promise: 'P4, I9: what a dead or lost holder had is free again in time',
  onLook(fail) {
    if (wholeForMs() < FREE_WITHIN_MS) return;
    for (const { runId, task, epoch, leaseUntil } of tables.runningAttempts()) {
      const overMs = now() - (leaseUntil ?? 0);
      if (overMs > REAPED_WITHIN_MS)
        fail(`attempt ${runId}/${task}/${epoch} still runs ${overMs} ms after its lease`);
    }
  },
  atEnd(fail) {
    for (const { worker } of runningWork()) fail(`${worker} still works, and nobody waits for it`);
  },
});

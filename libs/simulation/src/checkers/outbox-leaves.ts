import type { MakeChecker } from './checker.ts';

export const outboxLeaves: MakeChecker = ({ tables, published }) => ({
  name: 'outbox-leaves',
  promise: 'P1: what is committed is told, whatever dies between the two',
  atEnd(fail) {
    for (const { row } of tables.outbox.values())
      fail(`outbox row ${row.id} (${row.kind}) never left`);
    for (const { runId, eventSequence } of tables.runs.values()) {
      const got = published.get(runId) ?? new Set();
      for (let sequence = 1; sequence <= eventSequence; sequence += 1)
        if (!got.has(sequence)) return fail(`event ${sequence} of ${runId} was never published`);
    }
  },
});

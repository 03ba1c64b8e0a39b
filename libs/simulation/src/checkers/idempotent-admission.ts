import type { MakeChecker } from './checker.ts';

export const idempotentAdmission: MakeChecker = ({ clients, tables }) => ({
  name: 'idempotent-admission',
  promise: 'P1: one request id starts one run and always answers the same',
  atEnd(fail) {
    for (const { wish, answers } of clients) {
      if (answers.size > 1)
        fail(`${wish.requestId} was answered with ${[...answers].join(' and ')}`);
      const prefix = `${wish.requestId.replace('request', 'run')}.`;
      const stored = [...tables.runs.keys()].filter((runId) => runId.startsWith(prefix));
      if (stored.length > 1) fail(`${wish.requestId} started ${stored.join(' and ')}`);
    }
  },
});

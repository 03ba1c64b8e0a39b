import type { MakeChecker } from './checker.ts';

export const durableAdmission: MakeChecker = ({ tables, clients }) => ({
  name: 'durable-admission',
  promise: 'P1: a run that was acknowledged is never lost',
  atEnd(fail) {
    for (const { wish, answers } of clients) {
      for (const runId of answers)
        if (!tables.runs.has(runId))
          fail(`${wish.requestId} was answered with ${runId}, which is gone`);
    }
  },
});

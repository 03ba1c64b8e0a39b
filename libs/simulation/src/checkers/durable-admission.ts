import type { MakeChecker } from './checker.ts';

export const durableAdmission: MakeChecker = ({ tables, clients }) => ({
  name: 'durable-admission',
  promise: 'P1: a run that was acknowledged is never lost',
  atEnd(fail) {
    for (const { wish, answers, again } of clients) {
      for (const runId of [...answers, ...again])
        if (!tables.runs.has(runId))
          fail(`${wish.requestId} was answered with ${runId}, which is gone`);
    }
  },
});

import { isRunEnded } from '@floe/engine';
import type { MakeChecker } from './checker.ts';

export const liveness: MakeChecker = ({ tables, clients }) => ({
  name: 'liveness',
  promise:
    'P4, P6: when what broke is back, everything goes on without a person, and every run ends',
  atEnd(fail) {
    for (const { wish, answers } of clients)
      if (answers.size === 0) fail(`${wish.requestId} was never answered`);
    for (const { runId, state } of tables.runs.values()) {
      if (isRunEnded(state.status)) continue;
      const tasks = state.tasks.map(({ status }, index) => `${index} ${status}`);
      fail(`${runId} is still ${state.status} (${tasks.join(', ')})`);
    }
  },
});

import { sqlStateOf } from '@floe/database/target';
import type { TaskContext } from '../runner.ts';
import { TableMadeElsewhere } from './load-target.ts';

/** After the first, those that begin again wait for each other: more than a few mean that somebody else is in the way. */
const BEGINNINGS_MAX = 5;
const DEADLOCK = '40P01';

/**
 * Loads that come together may be in each other's way, and none of them is wrong: of several that find no table the first
 * makes it; of those that change the same rows in another order PostgreSQL ends one. These begin again, at once.
 */
export async function beginAgain<Result>(
  context: TaskContext,
  load: (wasEnded: boolean) => Promise<Result>,
): Promise<Result> {
  let wasEnded = false;
  for (let beginning = 1; ; beginning += 1) {
    try {
      return await load(wasEnded);
    } catch (thrown) {
      const isDeadlock = sqlStateOf(thrown) === DEADLOCK;
      const isMade = thrown instanceof TableMadeElsewhere;
      if ((!isDeadlock && !isMade) || beginning === BEGINNINGS_MAX) throw thrown;
      wasEnded ||= isDeadlock;
      context.log(
        'info',
        isMade ? thrown.message : 'the load and another waited for each other: it begins again',
      );
    }
  }
}

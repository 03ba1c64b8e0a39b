/** Bugs about runs that do others again. */
import type { RetryFrom } from '@floe/engine';
import type { PlantedBug } from './planting.ts';

function withRetry(retry: (asked: RetryFrom) => RetryFrom): PlantedBug['seams'] {
  return { retry };
}

export const RETRY_BUGS: readonly PlantedBug[] = [
  {
    name: 'a retry of some items tries all of them',
    seenBy: 'kept-on-retry',
    seams: withRetry(({ from }) => (from === undefined ? {} : { from })),
  },
  {
    name: 'a retry of some items tries the first instead',
    seenBy: 'kept-on-retry',
    seams: withRetry(({ items, ...rest }) =>
      items === undefined ? rest : { ...rest, items: [0] },
    ),
  },
  {
    name: 'a retry from a task keeps its result',
    seenBy: 'kept-on-retry',
    seams: withRetry(({ items, ...rest }) => (items === undefined ? {} : { ...rest, items })),
  },
];

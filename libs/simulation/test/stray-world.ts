/** A world in which an error is left to nobody; told on stdout. In a process of its own: a test runner hears of strays too. */
import { runSeed } from '../src/index.ts';
import { bound } from './planting.ts';

const { violations } = await runSeed(7, {
  seams: {
    publisher: (publisher) => ({
      ...bound(publisher),
      publishHints(wakeUps) {
        void Promise.reject(new Error('left to nobody'));
        publisher.publishHints(wakeUps);
      },
    }),
  },
});
console.log(JSON.stringify(violations[0]));

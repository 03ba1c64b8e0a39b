import type { Clock } from '@floe/execution';

// The longest delay that setTimeout takes, 24 days; what waits for longer may as well look again then.
const TIMER_MS_MAX = 2 ** 31 - 1;

/** The clock of this process. */
export const SYSTEM_CLOCK: Clock = {
  nowMs: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(ms, TIMER_MS_MAX));
    return () => clearTimeout(timer);
  },
  soon: (callback) => void setImmediate(callback),
};

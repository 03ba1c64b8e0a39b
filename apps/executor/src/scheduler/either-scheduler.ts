import { toFloeError } from '@floe/errors';
import type { HintSource, Scheduler } from '@floe/execution';
import type { AttemptLease } from '@floe/rpc/internal-contracts';
import type { ClaimingScheduler } from './claiming-scheduler.ts';

type Parts = {
  readonly exchanging: Scheduler<AttemptLease>;
  readonly hints: HintSource;
  readonly claiming: ClaimingScheduler;
};

/** Exchanges, unless the scheduler says that it cannot: then it is asked in the way that it knows from then on. */
export function eitherScheduler(parts: Parts): {
  readonly scheduler: Scheduler<AttemptLease>;
  readonly hints: HintSource;
} {
  const { exchanging, claiming } = parts;
  let isClaiming = false;
  const scheduler: Scheduler<AttemptLease> = {
    async exchange(request, deadlineMs) {
      if (isClaiming) return claiming.exchange(request, deadlineMs);
      try {
        return await exchanging.exchange(request, deadlineMs);
      } catch (thrown) {
        if (toFloeError(thrown).code !== 'NOT_IMPLEMENTED') throw thrown;
        isClaiming = true;
        return claiming.exchange(request, deadlineMs);
      }
    },
    renew: (renewals, deadlineMs) => exchanging.renew(renewals, deadlineMs),
  };
  const hints: HintSource = {
    next: (lane, signal) => (isClaiming ? claiming : parts.hints).next(lane, signal),
  };
  return { scheduler, hints };
}

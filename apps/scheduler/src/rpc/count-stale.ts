import { countRefusal } from '@floe/telemetry';

/**
 * Parts of a call that were not accepted: of an attempt that a newer one has replaced, that has ended, that never was, or
 * with the token of another. One may come from an executor that was slow; many come from one that is wrong.
 */
export function countStale(method: string, accepted: readonly boolean[]): void {
  const place = `floe.internal.v1.AttemptService/${method}`;
  const refused = accepted.filter((isAccepted) => !isAccepted).length;
  countRefusal({ surface: 'rpc', place, reason: 'EPOCH_STALE' }, refused);
}

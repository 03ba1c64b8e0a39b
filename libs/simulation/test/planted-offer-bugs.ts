/** Bugs about room that executors leave with a scheduler until there is work for it. */
import type { OfferCall, OfferWait, ExchangeRequest, Scheduler } from '@floe/execution';
import type { Seams } from '../src/index.ts';
import { bound, type PlantedBug } from './planting.ts';

// Far longer than any executor waits.
const STAYS_MS = 60_000;

type Sent = NonNullable<Parameters<NonNullable<Seams['scheduler']>>[0]>;
type Work = Sent extends Scheduler<infer OfWork> ? OfWork : never;
type Offer = (request: ExchangeRequest, wait: OfferWait) => OfferCall<Work>;

/** A scheduler whose offers go otherwise. */
function withOffers(change: (offer: Offer) => Offer): Seams['scheduler'] {
  return (scheduler) => {
    const known = bound(scheduler);
    return { ...known, offer: change((request, wait) => known.offer(request, wait)) };
  };
}

export const OFFER_BUGS: readonly PlantedBug[] = [
  {
    name: 'an executor begins nothing of what its offer has brought',
    seenBy: 'calm-is-calm',
    seams: {
      scheduler: withOffers((offer) => (request, wait) => {
        const call = offer(request, wait);
        const answer = call.answer.then((given) => ({ ...given, leases: [] }));
        return { answer, recall: () => call.recall() };
      }),
    },
  },
  {
    name: 'an offer stands on although its executor has given up',
    seenBy: 'leases-are-wanted',
    seams: {
      scheduler: withOffers((offer) => (request, wait) => {
        const forEver = { ...request, answerBy: Number.MAX_SAFE_INTEGER };
        return offer(forEver, { ...wait, waitMs: STAYS_MS });
      }),
    },
  },
  {
    name: 'an offer that nobody answers is forgotten',
    seenBy: 'answers-are-asked-for',
    seams: {
      scheduler: withOffers((offer) => (request, wait) => {
        const call = offer(request, wait);
        const nothing = { accepted: [], leases: [], moreReady: false };
        return { answer: call.answer.catch(() => nothing), recall: () => call.recall() };
      }),
    },
  },
  {
    name: 'an offer is not taken back before its room is offered elsewhere',
    seenBy: 'room-once',
    seams: {
      scheduler: withOffers((offer) => (request, wait) => ({
        ...offer(request, wait),
        recall: () => {},
      })),
    },
  },
  {
    name: 'an offer holds no room while it stands',
    seenBy: 'room-once',
    seams: {
      scheduler: withOffers((offer) => (request, wait) => {
        const more = { slot: request.free.slot + 1, light: request.free.light + 1 };
        return offer({ ...request, free: more }, wait);
      }),
    },
  },
];

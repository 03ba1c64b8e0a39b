/** Bugs about schedules and backfills. */
import type { ScheduleStore, ScheduleTransaction } from '@floe/scheduling';
import type { Seams } from '../src/index.ts';
import { bound, type PlantedBug } from './planting.ts';

type OfTransaction = (tx: ScheduleTransaction) => Partial<ScheduleTransaction>;

/** A store whose transactions do some things differently. */
function inTransactions(change: OfTransaction): Seams['scheduleStore'] {
  return (store) => ({
    ...bound(store),
    transaction: (work) => store.transaction((tx) => work({ ...bound(tx), ...change(tx) })),
  });
}

function seesNoRuns(store: ScheduleStore): ScheduleStore {
  return {
    ...bound(store),
    async claimSchedules(claim) {
      const claimed = await store.claimSchedules(claim);
      return claimed.map((schedule) => ({ ...schedule, activeRuns: [] }));
    },
  };
}

export const SCHEDULE_BUGS: readonly PlantedBug[] = [
  {
    name: 'the run of a slot is stored whether or not the slot is still there for it',
    seenBy: 'slots-once',
    seams: { checksSlots: false },
  },
  {
    name: 'the cursor of a schedule moves past slots that were not stored',
    seenBy: 'slots-once',
    seams: {
      scheduleStore: inTransactions((tx) => ({
        insertSlots: (slots) => tx.insertSlots(slots.filter(({ slot }) => slot % 4_000 !== 0)),
      })),
    },
  },
  {
    name: 'whether runs of a schedule overlap is not looked at',
    seenBy: 'slots-once',
    seams: { scheduleStore: seesNoRuns },
  },
  {
    name: 'what is late is missed, whatever the document says of catching up',
    seenBy: 'slots-once',
    seams: {
      scheduleStore: inTransactions((tx) => ({
        insertSlots: (slots) =>
          tx.insertSlots(
            slots.map((slot) =>
              slot.startAt > slot.dueAt ? { ...slot, state: 'missed', reason: 'late' } : slot,
            ),
          ),
      })),
    },
  },
  {
    name: 'a backfill does not see what is there already',
    seenBy: 'backfills-fill',
    seams: {
      scheduleStore: inTransactions(() => ({ findPresentSlots: () => Promise.resolve(new Set()) })),
    },
  },
  {
    name: 'a backfill forgets which of its slots are under way',
    seenBy: 'backfills-fill',
    seams: {
      scheduleStore: inTransactions(() => ({ openBackfillSlots: () => Promise.resolve([]) })),
    },
  },
];

import { toFloeError } from '@floe/errors';
import type { RunCommitter } from '../commit/run-committer.ts';
import type { StoredOutboxRow } from '../commit/rows.ts';
import { PLACE_WAITERS_MAX } from '../limits.ts';
import type { Log, Relays, RunStore } from '../ports.ts';
import type { RelayNote } from '../runs/relay-note.ts';

export type RelayOptions = {
  readonly store: Pick<RunStore, 'findWaitingForPlace'>;
  readonly committer: Pick<RunCommitter, 'submit'>;
  readonly relays: Relays;
  readonly log: Log;
};

/** Makes other runs do what a run asks for. Gives the ids of the rows that are done; the others stay, to be tried again. */
export async function sendRelays(
  options: RelayOptions,
  rows: readonly StoredOutboxRow[],
): Promise<number[]> {
  const done: number[] = [];
  // One after the other: a cancel must not overtake the start that it is about.
  for (const row of rows) {
    try {
      await sendRelay(options, row);
      done.push(row.id);
    } catch (error) {
      const failure = toFloeError(error);
      options.log.warn({ err: failure, outbox_id: row.id }, 'a relay waits for its next try');
    }
  }
  return done;
}

async function sendRelay(
  options: RelayOptions,
  { runId, payload }: StoredOutboxRow,
): Promise<void> {
  const { relays, committer } = options;
  const note = payload as RelayNote;
  switch (note.type) {
    case 'start_child':
      return relays.startChild({ runId, task: note.task, epoch: note.epoch });
    case 'cancel_child':
      return relays.cancelChild({ runId, task: note.task, epoch: note.epoch }, note.reason);
    case 'tell_parent': {
      const { parent, child } = note;
      const { task, epoch } = parent;
      await committer.submit(parent.runId, { type: 'child_ended', task, epoch, child });
      return;
    }
    case 'place_freed':
      return startWaiting(options, note.key);
    case 'make_room': {
      const { runId: other, reason } = note;
      await committer.submit(other, { type: 'cancel', cause: 'conflict', reason });
    }
  }
}

/** Whoever finds no place after all waits on. */
async function startWaiting({ store, committer }: RelayOptions, key: string): Promise<void> {
  const waiting = await store.findWaitingForPlace(key, PLACE_WAITERS_MAX);
  await Promise.all(waiting.map((runId) => committer.submit(runId, { type: 'start' })));
}

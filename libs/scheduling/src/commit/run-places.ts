import { isRunEnded } from '@floe/engine';
import type { RunTransaction } from '../ports.ts';
import { placeOfRun, type Place } from '../runs/places.ts';
import type { RelayNote } from '../runs/relay-note.ts';
import type { RunRecord } from '../runs/run-record.ts';

/** What becomes of a run that wants to begin. */
export type BeginVerdict =
  | { readonly kind: 'begin' }
  | { readonly kind: 'wait'; readonly relays: readonly RelayNote[] }
  | { readonly kind: 'give_up'; readonly reason: string };

const BEGIN: BeginVerdict = { kind: 'begin' };

/**
 * Asks for the places of runs that want to begin. A run without a key begins; so does one that has its place. One that has
 * ended, because it was told to begin twice, gets none: nobody would free it.
 */
export async function askForPlaces(
  tx: Pick<RunTransaction, 'takePlaces' | 'freePlaces'>,
  runs: readonly RunRecord[],
): Promise<ReadonlyMap<string, BeginVerdict>> {
  const verdicts = new Map<string, BeginVerdict>();
  const keyed = runs.flatMap((record) => {
    const place = isRunEnded(record.state.status) ? undefined : placeOfRun(record);
    verdicts.set(record.runId, BEGIN);
    return place === undefined ? [] : [{ runId: record.runId, ...place }];
  });
  if (keyed.length === 0) return verdicts;
  const taken = await tx.takePlaces(keyed);
  for (const wish of keyed) {
    const { isTaken = false, before = [] } = taken.get(wish.runId) ?? {};
    if (!isTaken) verdicts.set(wish.runId, conflictOf(wish, before));
  }
  const givenUp = keyed.filter(({ runId }) => verdicts.get(runId)?.kind === 'give_up');
  if (givenUp.length > 0) await tx.freePlaces(givenUp);
  return verdicts;
}

function conflictOf(wish: Place & { runId: string }, before: readonly string[]): BeginVerdict {
  const { key, limit, onConflict, runId } = wish;
  switch (onConflict) {
    case 'queue':
      return { kind: 'wait', relays: [] };
    case 'skip': {
      const holders = limit === 1 ? 'another run holds' : `${limit} other runs hold`;
      return { kind: 'give_up', reason: `${holders} the place of ${JSON.stringify(key)}` };
    }
    case 'cancel_previous': {
      const reason = `run ${runId} took its place of ${JSON.stringify(key)}`;
      const relays = before.map((other) => ({ type: 'make_room', runId: other, reason }) as const);
      return { kind: 'wait', relays };
    }
  }
}

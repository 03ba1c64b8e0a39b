import type { RunFacts } from '../events/run-event.ts';
import type { Holder, RunRecord } from '../runs/run-record.ts';

/** What events tell of a run. */
export function runFacts({ state, rowsLoaded }: RunRecord): RunFacts {
  const { status, startedAt, endedAt, failure, counts } = state;
  return { status, startedAt, endedAt, failure, counts, rowsLoaded };
}

/** `running` is told as `run.started`: what subscribers wait for is the moment, not the state. */
export function runEventType(status: RunFacts['status']): string {
  return status === 'running' ? 'run.started' : `run.${status}`;
}

/** What is known of a holder. */
export function withoutAbsent(holder: { [Name in keyof Holder]: Holder[Name] | undefined }) {
  const present = Object.entries(holder).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as Partial<Holder>;
}

/** Handing an attempt back ends it as lost, as far as its row says. */
export function endOf(outcome: string): string {
  return outcome === 'handed_back' ? 'lost' : outcome;
}

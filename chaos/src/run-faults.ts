import { setTimeout as delay } from 'node:timers/promises';
import type { Say } from './chaos-floe.ts';
import type { Fault, FaultContext } from './fault.ts';
import type { Load } from './load.ts';

/** How long it took until all that was under way, and a run that began with the fault, had ended. */
export type Recovery = { readonly fault: string; readonly ms: number };

export type Rounds = {
  readonly faults: readonly Fault[];
  readonly isQuick: boolean;
  readonly seconds: number;
  readonly signal: AbortSignal;
  readonly say: Say;
};

// Between two faults the load gets into its stride again.
const CALM_MS = 500;

/** Breaks one thing after the other, each after the system has got over the last. */
export async function runFaults(
  context: FaultContext,
  load: Load,
  rounds: Rounds,
): Promise<Recovery[]> {
  const recoveries: Recovery[] = [];
  const until = performance.now() + rounds.seconds * 1_000;
  do {
    for (const fault of rounds.faults) {
      if (rounds.signal.aborted) return recoveries;
      await delay(CALM_MS);
      const ms = await recoverFrom(fault, context, load);
      recoveries.push({ fault: fault.name, ms });
      rounds.say(`${fault.name}: all runs of that moment ended after ${(ms / 1_000).toFixed(1)} s`);
    }
  } while (!rounds.isQuick && performance.now() < until);
  return recoveries;
}

async function recoverFrom(fault: Fault, context: FaultContext, load: Load): Promise<number> {
  const startedAt = performance.now();
  const mend = await fault.begin(context);
  let endedAt = startedAt;
  const settled = load.settle().then(() => {
    endedAt = performance.now();
  });
  await Promise.all([mend(), settled]);
  return endedAt - startedAt;
}

import { FloeError } from '@floe/errors';
import type { StoredOutboxRow } from './commit/rows.ts';
import { RunCommitter } from './commit/run-committer.ts';
import { ruleOutLoads } from './duties/rule-out-loads.ts';
import { startRepeating, type Repetition } from './duties/repeat.ts';
import {
  announceWaiting,
  dropOldTraces,
  forgetOldResults,
  endExpiredLeases,
  wakeDueRuns,
  type DutyContext,
} from './duties/run-duties.ts';
import {
  DUTY_INTERVAL_MS,
  MESSAGE_ROWS_MAX,
  RELAY_ROWS_MAX,
  RESULT_FORGET_INTERVAL_MS,
  TRACE_DROP_INTERVAL_MS,
  RECONCILE_INTERVAL_MS,
  TRACE_ROWS_MAX,
} from './limits.ts';
import { OutboxLane } from './outbox/outbox-lane.ts';
import { sendRelays } from './outbox/send-relays.ts';
import { sendMessages, sendTraces } from './outbox/send-rows.ts';
import type { Chance, Log, Publisher, Relays, RunStore, Targets, Timers } from './ports.ts';
import type { PlanOf } from './runs/run-plan.ts';

export type SchedulingPorts = {
  readonly store: RunStore;
  readonly publisher: Publisher;
  readonly planOf: PlanOf;
  readonly timers: Timers;
  readonly chance: Chance;
  readonly log: Log;
  /** Absent where no run starts another. */
  readonly relays?: (committer: RunCommitter) => Relays;
  /** Absent where only executors reach target databases. */
  readonly targets?: Targets;
};

/** The deciding part of one scheduler at work. */
export type Scheduling = {
  readonly committer: RunCommitter;
  /** No duty begins any more; what was submitted is decided. */
  pause(): Promise<void>;
  /** Waits until everything that is in memory has left, but not longer for traces than told. */
  flush(tracesWithinMs: number): Promise<void>;
};

/** Any number may share a store; none needs to know of the others. */
export function startScheduling(ports: SchedulingPorts): Scheduling {
  const { store, publisher, planOf, timers, chance, log } = ports;
  const messages = new OutboxLane({
    store,
    log,
    timers,
    kinds: ['event', 'stop'],
    rowsMax: MESSAGE_ROWS_MAX,
    send: (rows) => sendMessages(ports, rows),
  });
  const traces = new OutboxLane({
    store,
    log,
    timers,
    kinds: ['trace'],
    rowsMax: TRACE_ROWS_MAX,
    send: (rows) => sendTraces(ports, rows),
  });
  const committer = new RunCommitter({
    store,
    planOf,
    chance,
    timers,
    log,
    onCommitted(rows, hints) {
      publisher.publishHints(hints);
      publisher.publishChanges(changedBy(rows));
      messages.push(rows);
      traces.push(rows);
      relays.push(rows);
    },
  });
  const relays = relayLane(ports, committer);
  const duties = startDuties({ ...ports, committer }, { messages, traces, relays, timers });
  return {
    committer,
    async pause() {
      await Promise.all(duties.map((duty) => duty.stop()));
      await committer.idle();
    },
    async flush(tracesWithinMs) {
      await relays.stop();
      await messages.stop();
      // What a silent collector has not taken by then stays in the outbox for the next scheduler.
      let callOff = (): void => undefined;
      const late = new Promise<void>(
        (resolve) => (callOff = timers.after(tracesWithinMs, resolve)),
      );
      await Promise.race([traces.stop(), late]);
      callOff();
    },
  };
}

/** Runs with new events. */
function changedBy(rows: readonly StoredOutboxRow[]): string[] {
  return rows.flatMap(({ kind, runId }) => (kind === 'event' ? [runId] : []));
}

function relayLane(
  { store, log, timers, relays }: SchedulingPorts,
  committer: RunCommitter,
): OutboxLane {
  const options = { store, committer, relays: relays?.(committer) ?? NO_RELAYS, log };
  return new OutboxLane({
    store,
    log,
    timers,
    kinds: ['relay'],
    rowsMax: RELAY_ROWS_MAX,
    send: (rows) => sendRelays(options, rows),
  });
}

const NO_RELAYS: Relays = {
  startChild: () => Promise.reject(new FloeError('NOT_IMPLEMENTED', 'no run can start another')),
  cancelChild: () => Promise.resolve(),
};

type DutyParts = {
  readonly messages: OutboxLane;
  readonly traces: OutboxLane;
  readonly relays: OutboxLane;
  readonly timers: Timers;
};

function startDuties(
  context: DutyContext & Pick<SchedulingPorts, 'planOf' | 'targets'>,
  { messages, traces, relays, timers }: DutyParts,
): Repetition[] {
  const start = (duty: string, everyMs: number, run: () => Promise<void>) =>
    startRepeating(timers, {
      everyMs,
      run,
      onError: (error) =>
        context.log.warn(
          { err: error, duty },
          `duty failed and will be tried again: ${error.message}`,
        ),
    });
  const { targets } = context;
  const ruling =
    targets &&
    start('rule out loads', RECONCILE_INTERVAL_MS, () => ruleOutLoads({ ...context, targets }));
  return [
    ...(ruling === undefined ? [] : [ruling]),
    start('wake due runs', DUTY_INTERVAL_MS, () => wakeDueRuns(context)),
    start('end expired leases', DUTY_INTERVAL_MS, () => endExpiredLeases(context)),
    start('announce waiting', RECONCILE_INTERVAL_MS, () => announceWaiting(context)),
    start('drop old traces', TRACE_DROP_INTERVAL_MS, () => dropOldTraces(context)),
    start('forget old results', RESULT_FORGET_INTERVAL_MS, () => forgetOldResults(context)),
    start('adopt messages', RECONCILE_INTERVAL_MS, () => messages.adopt()),
    start('adopt relays', RECONCILE_INTERVAL_MS, () => relays.adopt()),
    start('adopt traces', RECONCILE_INTERVAL_MS, () => traces.adopt()),
  ];
}

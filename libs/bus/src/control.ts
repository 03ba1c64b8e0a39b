import type { Connection } from './connection.ts';
import { countOf, parseRecord, textOf } from './json-record.ts';
import { countMalformed } from './refuse.ts';
import {
  CHANGES_SUBJECTS,
  changesSubject,
  controlSubject,
  parseChangesSubject,
} from './subjects.ts';

/**
 * "Look at this attempt now: it should stop." A hint over core NATS: when it is lost, the next renewal of the lease
 * says the same.
 */
export type StopHint = {
  readonly runId: string;
  readonly taskId: string;
  readonly epoch: number;
};

// Two names and a number are far shorter; what is longer is not even read.
const STOP_BYTES_MAX = 4_096;

/** A subscription that lasts until it is stopped, also across reconnects. */
export type BusSubscription = { stop(): void };

export function publishStop(connection: Connection, executorId: string, hint: StopHint): void {
  const body = JSON.stringify({ run_id: hint.runId, task_id: hint.taskId, epoch: hint.epoch });
  connection.nats.publish(controlSubject(executorId), body);
}

/** Calls back for every stop hint to the executor; malformed and huge ones are counted, logged and skipped. */
export function subscribeControl(
  connection: Connection,
  executorId: string,
  onStop: (hint: StopHint) => void,
): BusSubscription {
  const subscription = connection.nats.subscribe(controlSubject(executorId), {
    callback: (error, message) => {
      // The server did not let it listen: then there is no message either.
      if (error !== null) return connection.log.error({ err: error }, 'no stop hints can be had');
      const isHuge = message.data.length > STOP_BYTES_MAX;
      const hint = isHuge ? undefined : decodeStop(message.string());
      if (hint === undefined) {
        countMalformed('control');
        connection.log.warn({ subject: message.subject }, 'a control message is no stop hint');
      } else {
        onStop(hint);
      }
    },
  });
  return { stop: () => subscription.unsubscribe() };
}

function decodeStop(text: string): StopHint | undefined {
  const payload = parseRecord(text);
  const runId = textOf(payload?.['run_id']);
  const taskId = textOf(payload?.['task_id']);
  const epoch = countOf(payload?.['epoch']);
  if (runId === undefined || taskId === undefined || epoch === undefined) return undefined;
  return { runId, taskId, epoch };
}

/** Says that runs have news: once for each commit, however many events it brought. May be lost. */
export function publishChanges(connection: Connection, runIds: readonly string[]): void {
  if (connection.nats.isClosed()) return;
  for (const runId of runIds) connection.nats.publish(changesSubject(runId));
}

/**
 * Calls back when a run has news, and once when the subscription stands: what came before that was not heard. It may miss
 * and repeat: a wake-up to look, not news to trust.
 */
export function watchChanges(
  connection: Connection,
  runId: string,
  onChange: () => void,
): BusSubscription {
  const subscription = connection.nats.subscribe(changesSubject(runId), {
    callback: (error) => {
      if (error === null) onChange();
    },
  });
  // Without a server there is nothing to hear either; after a reconnect the next news wakes.
  void connection.nats.flush().then(onChange, () => undefined);
  return { stop: () => subscription.unsubscribe() };
}

/** Calls back with every run that has news, as long as it listens: for lists of runs. It may miss some. */
export function watchAllChanges(
  connection: Connection,
  onChange: (runId: string) => void,
): BusSubscription {
  const subscription = connection.nats.subscribe(CHANGES_SUBJECTS, {
    callback: (error, { subject }) => {
      if (error !== null) return connection.log.error({ err: error }, 'no news can be had');
      const runId = parseChangesSubject(subject);
      if (runId === undefined) countMalformed('changes');
      else onChange(runId);
    },
  });
  return { stop: () => subscription.unsubscribe() };
}

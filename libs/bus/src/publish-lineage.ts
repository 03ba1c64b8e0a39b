import type { Connection } from './connection.ts';
import type { BusSubscription } from './control.ts';
import { LINEAGE_SUBJECTS, lineageSubject, parseLineageSubject } from './subjects.ts';

export type LineageMessage = {
  readonly workflow: string;
  readonly runId: string;
  /** START, COMPLETE, FAIL or ABORT. */
  readonly type: string;
  /** JSON. */
  readonly body: string;
};

export function publishLineage(connection: Connection, message: LineageMessage): void {
  if (connection.nats.isClosed()) return;
  const { workflow, runId, type, body } = message;
  // What is larger than the server takes is sent over HTTP only.
  if (Buffer.byteLength(body) > (connection.nats.info?.max_payload ?? 0)) return;
  connection.nats.publish(lineageSubject(workflow, runId, type), body);
}

/** Calls back for every OpenLineage event that is published while it stands. */
export function subscribeLineage(
  connection: Connection,
  onEvent: (message: LineageMessage) => void,
): BusSubscription {
  const subscription = connection.nats.subscribe(LINEAGE_SUBJECTS, {
    callback: (error, message) => {
      const names = error === null ? parseLineageSubject(message.subject) : undefined;
      if (names !== undefined) onEvent({ ...names, body: message.string() });
    },
  });
  return { stop: () => subscription.unsubscribe() };
}

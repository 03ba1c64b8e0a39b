import type { Connection } from './connection.ts';
import { encodeLines, groupLines } from './log-batch.ts';
import type { LogLine } from './log-batch.ts';
import { busUnavailable } from './nats-errors.ts';
import { logSubject } from './subjects.ts';

/**
 * Publishes log lines, in order, those of a task together. Throws BUS_UNAVAILABLE; lines before the failure are stored.
 */
export async function publishLogs(
  connection: Connection,
  lines: readonly LogLine[],
): Promise<void> {
  for (const group of groupLines(lines)) {
    const [first] = group;
    if (first === undefined) continue;
    const subject = logSubject(first.runId, first.taskId);
    await publish(connection, { subject, body: encodeLines(group) });
  }
}

type Outgoing = { readonly subject: string; readonly body: string };

/** Stores one message. When that fails the streams are made again if they are missing, and it is tried once more. */
async function publish(connection: Connection, outgoing: Outgoing): Promise<void> {
  try {
    await publishOnce(connection, outgoing);
  } catch {
    // Whatever the reason was: if it persists, one of the next two lines meets it again and reports it.
    await connection.ensure();
    await publishOnce(connection, outgoing).catch((thrown: unknown) => {
      throw busUnavailable(`cannot publish to ${outgoing.subject}`, thrown);
    });
  }
}

async function publishOnce(connection: Connection, outgoing: Outgoing): Promise<void> {
  const { subject, body } = outgoing;
  await connection.request(() => connection.jetstream.publish(subject, body));
}

import { headers } from '@nats-io/nats-core';
import type { Connection } from './connection.ts';
import { busUnavailable } from './nats-errors.ts';

export type OutgoingNotice = {
  readonly subject: string;
  /** The same for each try: a stream on the subject drops doubles by it. */
  readonly id: string;
  /** JSON. */
  readonly body: string;
};

/** Over core NATS: whoever listens gets it, and a stream that people put on the subject keeps it. */
export async function publishNotice(
  connection: Connection,
  { subject, id, body }: OutgoingNotice,
): Promise<void> {
  const head = headers();
  head.set('Nats-Msg-Id', id);
  head.set('Content-Type', 'application/json');
  try {
    await connection.request(async () => {
      connection.nats.publish(subject, body, { headers: head });
      // The answer to what comes after it says that the server has read it.
      await connection.nats.flush();
    });
  } catch (thrown) {
    throw busUnavailable(`cannot publish to ${subject}`, thrown);
  }
}

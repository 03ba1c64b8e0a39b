import { FloeError, saidOf } from '@floe/errors';
import { MongoClient } from 'mongodb';
import { plainRecord } from './bson-document.ts';
import { CURSOR_BATCH, SERVER_SELECTION_MS, SOCKET_TIMEOUT_MS } from './limits.ts';
import type { SourceRecord } from './record.ts';

export type ServerOptions = {
  /** Where the address names none. */
  readonly database: string | undefined;
  readonly collections: readonly string[];
};

/** The documents of a server that runs, each collection in the order of its ids. Errors: SERVICE_UNAVAILABLE. */
export async function* readServer(
  address: string,
  { database, collections }: ServerOptions,
): AsyncGenerator<SourceRecord> {
  const client = connect(address);
  try {
    const db = client.db(database);
    for (const collection of collections) {
      const documents = db
        .collection(collection)
        .find({}, { batchSize: CURSOR_BATCH })
        .sort({ _id: 1 });
      for await (const document of documents) {
        yield plainRecord(document, { collection, place: `${collection} ${String(document._id)}` });
      }
    }
  } catch (cause) {
    if (cause instanceof FloeError) throw cause;
    throw unavailable(address, cause);
  } finally {
    await client.close();
  }
}

function connect(address: string): MongoClient {
  try {
    return new MongoClient(address, {
      appName: 'floe-import',
      // The address may say it otherwise.
      ...(/[?&]serverSelectionTimeoutMS=/i.test(address)
        ? {}
        : { serverSelectionTimeoutMS: SERVER_SELECTION_MS }),
      socketTimeoutMS: SOCKET_TIMEOUT_MS,
      promoteBuffers: false,
    });
  } catch (cause) {
    throw unavailable(address, cause);
  }
}

/** The address may hold a password: neither it nor what the driver says of it is repeated as it is. */
function unavailable(address: string, cause: unknown): FloeError {
  const reason = saidOf(cause).replaceAll(address, withoutPassword(address));
  return new FloeError(
    'SERVICE_UNAVAILABLE',
    `${withoutPassword(address)} cannot be read: ${reason}`,
    {
      hint: 'Test the address with mongosh, or import a mongodump of it.',
    },
  );
}

/** An address of MongoDB as people may see it. */
export function withoutPassword(address: string): string {
  return address.replace(/^(?<scheme>mongodb(?:\+srv)?:\/\/)[^@/]*@/i, '$<scheme>***@');
}

import { connectionOf, passwordOf, type LegacyConnection } from './connection.ts';
import { connectorTypeOf } from './connector-types.ts';
import { findNodes } from './find-nodes.ts';
import type { JsonRecord } from './json.ts';
import type { Digest } from './names.ts';
import { readNode } from './read-node.ts';
import { Reading } from './reading.ts';

export type FoundConnection = {
  readonly connection: LegacyConnection;
  /** Undefined where the document holds none. */
  readonly password: string | undefined;
};

/**
 * The databases in a document that was not cleaned yet, with their passwords. For the one place that puts those away: they
 * belong into no store, report or message. Throws DOCUMENT_INVALID as reading the document does.
 */
export function findConnections(document: JsonRecord, digest: Digest): readonly FoundConnection[] {
  const reading = new Reading();
  return findNodes(document, reading).nodes.flatMap((found) => {
    const { database, connectorType } = readNode(found, reading);
    if (database === undefined || connectorTypeOf(connectorType) !== 'postgresql') return [];
    return [{ connection: connectionOf(database, digest), password: passwordOf(database) }];
  });
}

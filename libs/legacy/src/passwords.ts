import { connectionOf, passwordOf, type LegacyConnection } from './connection.ts';
import { findNodes } from './find-nodes.ts';
import type { JsonRecord } from './json.ts';
import type { Digest } from './names.ts';
import { readNode } from './read-node.ts';
import { Reading } from './reading.ts';

export type FoundPassword = { readonly connection: LegacyConnection; readonly password: string };

/**
 * The passwords in a document that was not cleaned yet, with the connections that they open. For the one place that puts
 * them away: they belong into no store, report or message. Throws DOCUMENT_INVALID as reading the document does.
 */
export function findPasswords(document: JsonRecord, digest: Digest): readonly FoundPassword[] {
  const reading = new Reading();
  return findNodes(document, reading).nodes.flatMap((found) => {
    const { database } = readNode(found, reading);
    const password = database === undefined ? undefined : passwordOf(database);
    if (database === undefined || password === undefined) return [];
    return [{ connection: connectionOf(database, digest), password }];
  });
}

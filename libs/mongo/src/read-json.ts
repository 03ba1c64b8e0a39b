import { isRecord, plainJson, type Json } from '@floe/legacy';
import { unreadable } from './bson-document.ts';
import { EXCERPT_LENGTH_MAX, JSON_BYTES_MAX } from './limits.ts';
import { readBytes } from './read-bytes.ts';
import type { SourceRecord } from './record.ts';
import { splitLines, splitValues, type Piece } from './split-json.ts';

/** The documents of a file of mongoexport: one in each line, or a list, or one after the other. */
export async function* readJsonFile(
  path: string,
  collection: string,
): AsyncGenerator<SourceRecord> {
  const pieces = (await isLines(path)) ? splitLines(readBytes(path)) : splitValues(readBytes(path));
  for await (const piece of pieces) yield toRecord(piece, collection);
}

/** Whether the first line is a whole document: then every line is one, and a broken one spoils no other. */
async function isLines(path: string): Promise<boolean> {
  for await (const piece of splitLines(readBytes(path))) {
    return piece.kind === 'text' && isRecord(parse(piece.text));
  }
  return false;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as Json;
  } catch {
    // Told by its caller where it counts.
    return undefined;
  }
}

function toRecord(piece: Piece, collection: string): SourceRecord {
  const place = { collection, place: piece.place };
  if (piece.kind === 'too-long')
    return unreadable(place, new Error(`it has more than ${JSON_BYTES_MAX} bytes`), piece.start);
  const excerpt = piece.text.slice(0, EXCERPT_LENGTH_MAX);
  try {
    const document = plainJson(JSON.parse(piece.text));
    if (isRecord(document)) return { kind: 'document', ...place, document };
    return unreadable(place, new Error('it is no JSON object'), excerpt);
  } catch (error) {
    return unreadable(place, error, excerpt);
  }
}

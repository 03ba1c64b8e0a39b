import { FloeError } from '@floe/errors';
import { maskText } from '@floe/legacy';
import type { QuarantinedDocument } from '@floe/rpc/contracts';
import {
  EXCERPT_LENGTH_MAX,
  FIELD_LENGTH_MAX,
  QUARANTINED_MAX,
  REASON_LENGTH_MAX,
} from '../limits.ts';
import type { QuarantinedRow } from '../store/quarantine.ts';

const CHECKSUM = /^[0-9a-f]{64}$/;

/** Documents that the caller could not read, as they are put aside. Errors: ARGUMENT_INVALID. */
export function quarantinedRows(
  source: string,
  documents: readonly QuarantinedDocument[],
): QuarantinedRow[] {
  if (documents.length > QUARANTINED_MAX) {
    throw new FloeError(
      'ARGUMENT_INVALID',
      `quarantined has ${documents.length} documents; at most ${QUARANTINED_MAX}`,
    );
  }
  return documents.map((document, index) => {
    if (!CHECKSUM.test(document.checksum)) {
      throw new FloeError('ARGUMENT_INVALID', `quarantined[${index}].checksum is no SHA-256`);
    }
    return quarantinedRow(source, document);
  });
}

/** Texts that PostgreSQL can store and people can read, without passwords. */
export function quarantinedRow(source: string, document: QuarantinedDocument): QuarantinedRow {
  return {
    checksum: document.checksum,
    source: storable(source, FIELD_LENGTH_MAX),
    kind: storable(document.kind, FIELD_LENGTH_MAX),
    place: storable(document.place, FIELD_LENGTH_MAX),
    document_id: storable(document.documentId, FIELD_LENGTH_MAX),
    reason: storable(document.reason, REASON_LENGTH_MAX),
    excerpt: maskText(storable(document.excerpt, EXCERPT_LENGTH_MAX)).slice(0, EXCERPT_LENGTH_MAX),
  };
}

function storable(text: string, lengthMax: number): string {
  return text.slice(0, lengthMax).toWellFormed().replaceAll('\0', '\uFFFD');
}

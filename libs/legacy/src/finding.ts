import { FloeError, type Violation } from '@floe/errors';
import { FINDINGS_MAX } from './limits.ts';

/** What there is to say of a part of a document. */
export type Finding = {
  /** Where in the document, like `connectionInformation_v1.src.dbDetails`. */
  readonly path: string;
  readonly message: string;
  readonly hint?: string;
};

/** A document that cannot be read as one of its kind: it is put aside with the reason. */
export function unreadable(findings: readonly Finding[]): FloeError {
  const told = findings.slice(0, FINDINGS_MAX);
  const violations: Violation[] = told.map(({ path, ...rest }) => ({ field: path, ...rest }));
  const message = told.map(({ path, message }) => (path === '' ? message : `${path} ${message}`));
  return new FloeError('DOCUMENT_INVALID', message.join('; '), { violations });
}

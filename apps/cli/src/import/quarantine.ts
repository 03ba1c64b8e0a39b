/**
 * Documents that cannot be read: told, sent to the table, and written to a file, one line of JSON each, without passwords.
 * The file is made when the first one comes.
 */
import { open, type FileHandle } from 'node:fs/promises';
import type { QuarantinedDocument } from '@floe/client';
import { maskText, takeOutSecrets, type JsonRecord } from '@floe/legacy';
import { sha256 } from './sha256.ts';

const EXCERPT_LENGTH = 2_000;
// Only the owner: passwords are masked, but other things in there are nobody's business either.
const FILE_MODE = 0o600;

export type Reason = Pick<QuarantinedDocument, 'place' | 'kind' | 'documentId' | 'reason'>;

/** A document that was read as JSON and is no workflow or run. */
export function quarantineDocument(reason: Reason, document: JsonRecord): QuarantinedDocument {
  const text = JSON.stringify(takeOutSecrets(document));
  return { ...reason, excerpt: text.slice(0, EXCERPT_LENGTH), checksum: sha256(text) };
}

/** What could not be read at all. */
export function quarantineText(reason: Reason, text: string): QuarantinedDocument {
  const excerpt = maskText(text.slice(0, EXCERPT_LENGTH));
  return { ...reason, excerpt, checksum: sha256(`${reason.place}\n${excerpt}`) };
}

export class QuarantineFile implements AsyncDisposable {
  readonly path: string;
  #file: FileHandle | undefined;
  #count = 0;

  constructor(path: string) {
    this.path = path;
  }

  get count(): number {
    return this.#count;
  }

  async write(document: QuarantinedDocument): Promise<void> {
    this.#file ??= await open(this.path, 'w', FILE_MODE);
    await this.#file.write(`${JSON.stringify(document)}\n`);
    this.#count += 1;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.close();
  }
}

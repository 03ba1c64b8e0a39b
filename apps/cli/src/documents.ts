import { readFile, stat } from 'node:fs/promises';
import { extname, relative, sep } from 'node:path';
import { text } from 'node:stream/consumers';
import { FloeError } from '@floe/errors';
import type { ErrorSource } from './render/error.ts';

const DOCUMENT_EXTENSIONS = ['.yaml', '.yml', '.json'];
// The server refuses larger ones; reading a disk image first would only waste time.
const DOCUMENT_BYTES_MAX = 1024 * 1024;

/** Reads a document from a file, or from stdin for `-`. Errors: ARGUMENT_INVALID, DOCUMENT_TOO_LARGE. */
export async function readDocument(path: string): Promise<ErrorSource> {
  if (path === '-') return { path: 'stdin', text: await text(process.stdin) };
  try {
    const { size } = await stat(path);
    if (size > DOCUMENT_BYTES_MAX) throw tooLarge(path, size);
    return { path: shortPath(path), text: await readFile(path, 'utf8') };
  } catch (cause) {
    if (cause instanceof FloeError) throw cause;
    throw new FloeError('ARGUMENT_INVALID', `cannot read ${path}: ${reasonOf(cause)}`, {
      cause,
      hint: 'Give the path of a workflow document, or - for stdin.',
    });
  }
}

/** The document that a command is given, as its argument or by -f. Errors: ARGUMENT_INVALID. */
export function namedDocument(argument: string | undefined, option: string | undefined): string {
  const path = argument ?? option;
  if (path !== undefined && (option ?? path) === path) return path;
  const message =
    path === undefined ? 'no document is named' : `two documents are named, ${path} and ${option}`;
  throw new FloeError('ARGUMENT_INVALID', message, {
    hint: 'Give the path of one workflow document, or - for stdin.',
  });
}

/** Whether the argument of `floe run` means a file, rather than the name of a workflow. */
export function looksLikeFile(argument: string): boolean {
  if (argument === '-' || argument.includes('/') || argument.includes(sep)) return true;
  return DOCUMENT_EXTENSIONS.includes(extname(argument).toLowerCase());
}

function shortPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere !== '' && !fromHere.startsWith('..') ? fromHere : path;
}

function tooLarge(path: string, bytes: number): FloeError {
  return new FloeError('DOCUMENT_TOO_LARGE', `${path} has ${bytes} bytes`, {
    hint: `A document has at most ${DOCUMENT_BYTES_MAX} bytes: split the workflow.`,
  });
}

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES') return 'permission denied';
  if (code === 'EISDIR') return 'it is a folder';
  return String(cause);
}

/** Errors of text files, with the line and column where they are wrong. */
import { FloeError } from '@floe/errors';
import { fieldCountFault, shownRecord, type Fault } from './explain-record.ts';
import { findFault } from './find-fault.ts';
import { type TextFile, textShape } from './text-file.ts';
import { readTextPieces, recordAt } from './text-records.ts';

/** The same error, with its place. Without a place it says no values where some are masked. */
export async function withPlace(error: FloeError, file: TextFile): Promise<FloeError> {
  const fault = await findFault(file);
  if (fault !== undefined) return faultyFile(file, fault, error.cause);
  if (file.schema?.some(({ name }) => file.isMasked(name)) !== true) return error;
  return new FloeError(error.code, `${file.path} cannot be read as ${file.format}`, {
    cause: error.cause,
    details: error.details,
    ...(error.hint !== undefined && { hint: error.hint }),
  });
}

function faultyFile({ path }: TextFile, fault: Fault, cause?: unknown): FloeError {
  const { line, column, reason, hint } = fault;
  const place = column === undefined ? `line ${line}` : `line ${line}, column "${column}"`;
  return new FloeError('FILE_INVALID', `${path}, ${place} ${reason}`, {
    ...(cause !== undefined && { cause }),
    details: { file: path, line: String(line), ...(column !== undefined && { column }) },
    ...(hint !== undefined && { hint }),
  });
}

/** Polars takes what a short line lacks for NULL, also where a file breaks off within a line. Errors: FILE_INVALID. */
export async function requireWholeLines(file: TextFile, columnCount: number): Promise<void> {
  for await (const piece of readTextPieces(file.path, textShape(file))) {
    const index = piece.isOpen ? -1 : piece.fields.findIndex((count) => count < columnCount);
    if (index === -1) continue;
    const shown = shownRecord(recordAt(piece, index), file);
    const told = { count: piece.fields[index]!, expected: columnCount, shown };
    throw faultyFile(file, { line: piece.lines[index]!, ...fieldCountFault(told) });
  }
}

import type { SqlPiece } from './scan-sql.ts';

const PARAMETER = /^\$\{\{\s*params\.([A-Za-z_][A-Za-z0-9_-]*)\s*\}\}$/;

/** The parameter of the workflow for which a piece stands; null for any other piece. */
export function parameterNameOf({ kind, text }: SqlPiece): string | null {
  return kind === 'placeholder' ? (PARAMETER.exec(text)?.[1] ?? null) : null;
}

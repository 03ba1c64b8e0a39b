import { CATALOGUE, type ErrorCategory, type ErrorCode } from './catalogue.ts';
import { saidOf } from './said-of.ts';

/** A place in a text that a person wrote: lines and columns count from 1, columns in UTF-16 units. */
export type Place = {
  readonly line: number;
  readonly column: number;
  /** Length of the marked text in UTF-16 units; 0 marks a point. */
  readonly length: number;
};

/** One thing that is wrong in an input, with where it is, why, and what mends it. */
export type Violation = {
  /** Path of the field in the document or request, like `tasks.ranking.polars`. */
  readonly field: string;
  readonly message: string;
  /** What to do about it: "did you mean ...". */
  readonly hint?: string;
  readonly place?: Place;
};

export type FloeErrorOptions = {
  readonly cause?: unknown;
  /** Plain facts for programs: ids, names, numbers. Never secrets. */
  readonly details?: Readonly<Record<string, string>>;
  readonly violations?: readonly Violation[];
  /** What the reader can do now. */
  readonly hint?: string;
};

/** The only error class that crosses an edge of a Floe part. */
export class FloeError extends Error {
  override readonly name = 'FloeError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, string>>;
  readonly violations: readonly Violation[];
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: FloeErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    this.violations = options.violations ?? [];
    this.hint = options.hint;
  }

  get category(): ErrorCategory {
    return CATALOGUE[this.code].category;
  }

  get isRetryable(): boolean {
    return CATALOGUE[this.code].retry === 'backoff';
  }
}

/** The one converter from what was thrown to a FloeError: keeps a FloeError, wraps all else as a bug. */
export function toFloeError(thrown: unknown, code: ErrorCode = 'INTERNAL'): FloeError {
  if (thrown instanceof FloeError) return thrown;
  const message = saidOf(thrown);
  return new FloeError(code, message, { cause: thrown });
}

/** Ends the branches of a union: a value here means that a case was forgotten. */
export function assertNever(value: never): never {
  throw new FloeError('INTERNAL', `unexpected value ${JSON.stringify(value)}`);
}

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new FloeError('INTERNAL', `assertion failed: ${message}`);
}

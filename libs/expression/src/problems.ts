import { FloeError, type Place, type Violation } from '@floe/errors';
import { MAX_VIOLATIONS } from './limits.ts';

/** A stretch of the text: UTF-16 offsets, `to` exclusive. */
export type Span = { readonly from: number; readonly to: number };

/** Gathers what is wrong in one text, so that its author sees all of it at once. */
export type Problems = {
  readonly add: (span: Span, message: string, hint?: string) => void;
  readonly hasAny: () => boolean;
  /** Throws EXPRESSION_INVALID with all problems in order of place, if there are any. */
  readonly throwIfAny: () => void;
};

type Problem = { readonly span: Span; readonly message: string; readonly hint: string | undefined };

export function collectProblems(text: string, field = 'polars'): Problems {
  const found: Problem[] = [];
  return {
    add(span, message, hint) {
      const isRepeated = found.some(
        (other) => other.span.from === span.from && other.message === message,
      );
      if (found.length < MAX_VIOLATIONS && !isRepeated) found.push({ span, message, hint });
    },
    hasAny: () => found.length > 0,
    throwIfAny() {
      if (found.length === 0) return;
      const ordered = found.toSorted((a, b) => a.span.from - b.span.from);
      throw invalid(ordered.map((problem) => toViolation(text, field, problem)));
    },
  };
}

function invalid(violations: readonly Violation[]): FloeError {
  const [first] = violations;
  const where = first?.place ? ` (line ${first.place.line}, column ${first.place.column})` : '';
  const rest = violations.length > 1 ? `, and ${violations.length - 1} more` : '';
  const message = `${first?.message ?? 'the text is not valid'}${where}${rest}`;
  return new FloeError('EXPRESSION_INVALID', message, {
    violations,
    ...(first?.hint === undefined ? {} : { hint: first.hint }),
  });
}

function toViolation(text: string, field: string, { span, message, hint }: Problem): Violation {
  const place = placeOf(text, span);
  return { field, message, place, ...(hint === undefined ? {} : { hint }) };
}

export function placeOf(text: string, span: Span): Place {
  const before = text.slice(0, span.from);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  return { line, column: span.from - lineStart + 1, length: span.to - span.from };
}

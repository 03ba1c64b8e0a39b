import { FloeError, nearestName, type Place, type Violation } from '@floe/errors';
import { type FieldPath, formatFieldPath } from './field-path.ts';
import { VIOLATION_COUNT_MAX } from './limits.ts';
import { type DocumentValue, withPlace } from './read-value.ts';

/** What to do about it; as a function where it takes long to find out. */
export type Hint = string | undefined | (() => string | undefined);

type Remark = { readonly hint?: Hint; readonly place?: Place | undefined };

/** Gathers everything that is wrong in one document, so that its author mends it in one go. */
export type Findings = {
  /** Something wrong with a field's value. */
  add(path: FieldPath, message: string, remark?: Remark): void;
  /** Something wrong with the field being there at all. */
  addAtKey(path: FieldPath, message: string, hint?: Hint): void;
  /** Everything so far. */
  all(): readonly Violation[];
};

// As many as are shown. A name may be compared with 10,000 others.
const HINTED_MAX = VIOLATION_COUNT_MAX;

export function collectFindings(document: DocumentValue): Findings {
  const violations: Violation[] = [...document.violations];
  const push = (path: FieldPath, message: string, remark: Remark) => {
    const isLooked = typeof remark.hint !== 'function' || violations.length < HINTED_MAX;
    const hint = isLooked ? valueOf(remark.hint) : undefined;
    violations.push({
      field: formatFieldPath(path),
      message,
      ...(hint === undefined ? {} : { hint }),
      ...withPlace(remark.place),
    });
  };
  return {
    add: (path, message, remark = {}) =>
      push(path, message, { hint: remark.hint, place: remark.place ?? document.placeOf(path) }),
    addAtKey: (path, message, hint) =>
      push(path, message, { hint, place: document.keyPlaceOf(path) }),
    all: () => violations,
  };
}

function valueOf(hint: Hint): string | undefined {
  return typeof hint === 'function' ? hint() : hint;
}

/** As they are shown: in order of place, the first 50. */
export function inOrder(violations: readonly Violation[]): readonly Violation[] {
  return violations.toSorted(byPlace).slice(0, VIOLATION_COUNT_MAX);
}

/** The error for a document with these violations: in order of place, at most 50, the total in words. */
export function documentInvalid(violations: readonly Violation[]): FloeError {
  const ordered = inOrder(violations);
  const count = violations.length;
  const first = ordered[0]!;
  const where = first.place === undefined ? '' : ` (line ${first.place.line})`;
  const rest = count > 1 ? `, and ${count - 1} more` : '';
  const message = `the document is not valid: ${first.message}${where}${rest}`;
  return new FloeError('DOCUMENT_INVALID', message, {
    violations: ordered,
    details: { violation_count: String(count) },
    ...(first.hint === undefined ? {} : { hint: first.hint }),
  });
}

function byPlace(a: Violation, b: Violation): number {
  const lineDifference = (a.place?.line ?? 0) - (b.place?.line ?? 0);
  return lineDifference === 0 ? (a.place?.column ?? 0) - (b.place?.column ?? 0) : lineDifference;
}

// Longer lists are not read; the nearest name is given apart.
const LISTED_NAMES_MAX = 12;

/** "Did you mean", or else what there is to choose from. */
export function nameHint(wrong: string, known: Iterable<string>): string | undefined {
  const names = [...known];
  const nearest = nearestName(wrong, names);
  if (nearest !== undefined) return `Did you mean \`${nearest}\`?`;
  if (names.length === 0 || names.length > LISTED_NAMES_MAX) return undefined;
  return `Known here: ${names.map((name) => `\`${name}\``).join(', ')}.`;
}

import { FloeError, type Violation } from '@floe/errors';
import { type FieldPath, formatFieldPath } from './field-path.ts';
import { isRecord } from './is-record.ts';
import { DOCUMENT_DEPTH_MAX, NODE_COUNT_MAX } from './limits.ts';
import { tooDeep } from './read-document.ts';
import type { DocumentValue } from './read-value.ts';
import { isStorable, UNSTORABLE } from './storable-text.ts';

type Reading = { readonly violations: Violation[]; nodeCount: number };

/** A document that no text was read for: the same values as of its text, and no places. */
export function madeValue(root: unknown): DocumentValue {
  const reading: Reading = { violations: [], nodeCount: 0 };
  const value = valueOf(reading, root, []);
  return {
    value,
    violations: reading.violations,
    nodeAt: () => undefined,
    placeOf: () => undefined,
    keyPlaceOf: () => undefined,
  };
}

/** Objects without prototype, as those of a text are. */
function valueOf(reading: Reading, value: unknown, path: FieldPath): unknown {
  reading.nodeCount += 1;
  if (path.length > DOCUMENT_DEPTH_MAX) throw tooDeep();
  if (reading.nodeCount > NODE_COUNT_MAX)
    throw new FloeError(
      'DOCUMENT_TOO_LARGE',
      `the document has more than ${NODE_COUNT_MAX} values`,
    );
  if (Array.isArray(value))
    return value.map((item, index) => valueOf(reading, item, [...path, index]));
  if (isRecord(value)) return objectOf(reading, value, path);
  if (typeof value === 'string' && !isStorable(value)) reading.violations.push(unstorable(path));
  return value;
}

function objectOf(reading: Reading, record: Record<string, unknown>, path: FieldPath): object {
  const object: Record<string, unknown> = Object.create(null);
  for (const [name, value] of Object.entries(record)) {
    if (isStorable(name)) object[name] = valueOf(reading, value, [...path, name]);
    else reading.violations.push(unstorable(path, 'a key '));
  }
  return object;
}

function unstorable(path: FieldPath, what = ''): Violation {
  const { message, hint } = UNSTORABLE;
  return { field: formatFieldPath(path), message: `${what}${message}`, hint };
}

import { FloeError, type Place, type Violation } from '@floe/errors';
import {
  type Alias,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
} from 'yaml';
import { type FieldPath, formatFieldPath } from './field-path.ts';
import { ALIAS_COUNT_MAX, DOCUMENT_DEPTH_MAX, NODE_COUNT_MAX } from './limits.ts';
import { type ReadDocument, tooDeep } from './read-document.ts';
import { isStorable, UNSTORABLE } from './storable-text.ts';

/** The plain value of a document, with the way back from a field to its place. */
export type DocumentValue = {
  readonly value: unknown;
  /** What the reading itself found: duplicate keys, keys that are not text. */
  readonly violations: readonly Violation[];
  /** The node of a field, for its exact text; undefined where the document has no such field. */
  nodeAt(path: FieldPath): Node | undefined;
  /** Place of a field's value, or of the nearest field above it that exists. */
  placeOf(path: FieldPath): Place | undefined;
  /** Place of a field's key. */
  keyPlaceOf(path: FieldPath): Place | undefined;
};

type Entry = { readonly key: Scalar | undefined; readonly node: Node | undefined };

type Reading = {
  readonly document: ReadDocument;
  readonly violations: Violation[];
  /** By formatted path; the first of duplicate keys counts. */
  readonly entries: Map<string, Entry>;
  aliasCount: number;
  nodeCount: number;
};

/** Turns the tree into plain values: objects without prototype, arrays, text, numbers, bigints beyond 2^53, null. */
export function readValue(document: ReadDocument): DocumentValue {
  const reading: Reading = {
    document,
    violations: [],
    entries: new Map(),
    aliasCount: 0,
    nodeCount: 0,
  };
  const root = (document.yaml.contents ?? undefined) as Node | undefined;
  const value = valueOf(reading, root, []);
  return {
    value,
    violations: reading.violations,
    nodeAt: (path) => reading.entries.get(formatFieldPath(path))?.node,
    placeOf: (path) => placeOf(reading, path),
    keyPlaceOf: (path) => keyPlaceOf(reading, path),
  };
}

function valueOf(reading: Reading, node: Node | undefined, path: FieldPath): unknown {
  reading.nodeCount += 1;
  if (path.length > DOCUMENT_DEPTH_MAX) throw tooDeep();
  if (reading.nodeCount > NODE_COUNT_MAX) throw tooManyNodes();
  if (isAlias(node)) return valueOf(reading, resolveAlias(reading, node), path);
  if (path.length === 0) reading.entries.set('', { key: undefined, node });
  if (isMap(node)) return objectOf(reading, node.items, path);
  if (isSeq(node)) return node.items.map((item, index) => itemOf(reading, item, [...path, index]));
  if (isScalar(node)) return scalarOf(reading, node, path);
  return null;
}

function resolveAlias(reading: Reading, alias: Alias): Node | undefined {
  reading.aliasCount += 1;
  if (reading.aliasCount > ALIAS_COUNT_MAX) {
    throw new FloeError(
      'DOCUMENT_TOO_LARGE',
      `the document has more than ${ALIAS_COUNT_MAX} aliases`,
      {
        hint: 'Write the shared values into `defaults`, or repeat them.',
      },
    );
  }
  const target = alias.resolve(reading.document.yaml);
  if (target === undefined) reading.violations.push(unknownAnchor(reading, alias));
  return target;
}

function unknownAnchor(reading: Reading, alias: Alias): Violation {
  return {
    field: '',
    message: `nothing before this place is marked \`&${alias.source}\``,
    hint: 'A text that begins with an asterisk needs quotes.',
    ...withPlace(placeOfNode(reading, alias)),
  };
}

function tooManyNodes(): FloeError {
  return new FloeError(
    'DOCUMENT_TOO_LARGE',
    `the document has more than ${NODE_COUNT_MAX} values once its aliases are resolved`,
  );
}

function itemOf(reading: Reading, item: unknown, path: FieldPath): unknown {
  const node = isPair(item) ? undefined : (item as Node | undefined);
  reading.entries.set(formatFieldPath(path), { key: undefined, node });
  return valueOf(reading, node, path);
}

function objectOf(reading: Reading, pairs: readonly Pair[], path: FieldPath): object {
  const object: Record<string, unknown> = Object.create(null);
  for (const pair of pairs) {
    const key = pair.key as Node | undefined;
    if (!isScalar(key) || typeof key.value === 'object') {
      reading.violations.push(badKey(reading, key, path));
      continue;
    }
    const name = key.source ?? `${key.value as string | number | boolean | null}`;
    const fieldPath = [...path, name];
    if (!isStorable(name)) {
      reading.violations.push(unstorableKey(reading, key, path));
      continue;
    }
    if (Object.hasOwn(object, name)) {
      reading.violations.push(duplicateKey(reading, key, fieldPath));
      continue;
    }
    const node = (pair.value ?? undefined) as Node | undefined;
    reading.entries.set(formatFieldPath(fieldPath), { key, node });
    object[name] = valueOf(reading, node, fieldPath);
  }
  return object;
}

function unstorableKey(reading: Reading, key: Node, path: FieldPath): Violation {
  const message = `a key ${UNSTORABLE.message}`;
  const place = placeOfNode(reading, key);
  return { field: formatFieldPath(path), message, hint: UNSTORABLE.hint, ...withPlace(place) };
}

function scalarOf(reading: Reading, node: Scalar, path: FieldPath): unknown {
  const value = node.value;
  if (typeof value === 'string' && !isStorable(value)) {
    reading.violations.push({
      field: formatFieldPath(path),
      ...UNSTORABLE,
      ...withPlace(placeOfNode(reading, node)),
    });
  }
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function duplicateKey(reading: Reading, key: Scalar, path: FieldPath): Violation {
  const field = formatFieldPath(path);
  const first = reading.entries.get(field)?.key;
  const firstPlace = first && placeOfNode(reading, first);
  const where = firstPlace === undefined ? '' : `; it stands on line ${firstPlace.line} already`;
  const message = `\`${path.at(-1)}\` is there twice${where}`;
  const hint = 'Remove one of the two, or give it another name.';
  return { field, message, hint, ...withPlace(placeOfNode(reading, key)) };
}

function badKey(reading: Reading, key: Node | undefined, path: FieldPath): Violation {
  return {
    field: formatFieldPath(path),
    message: 'a key is not plain text',
    hint: 'A key is a name, a colon, and its value: `name: value`.',
    ...withPlace(key && placeOfNode(reading, key)),
  };
}

function placeOf(reading: Reading, path: FieldPath): Place | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const entry = reading.entries.get(formatFieldPath(path.slice(0, length)));
    const node = entry?.node ?? entry?.key;
    if (node === undefined) continue;
    // A whole block is no mark: its key shows better where it is.
    const isBlock = !isScalar(node) && !isAlias(node) && entry?.key !== undefined;
    return placeOfNode(reading, isBlock ? entry.key : node);
  }
  return undefined;
}

function keyPlaceOf(reading: Reading, path: FieldPath): Place | undefined {
  const key = reading.entries.get(formatFieldPath(path))?.key;
  return key === undefined ? placeOf(reading, path) : placeOfNode(reading, key);
}

function placeOfNode(reading: Reading, node: Node): Place | undefined {
  return node.range ? reading.document.place(node.range[0], node.range[1]) : undefined;
}

export function withPlace(place: Place | undefined): { place?: Place } {
  return place === undefined ? {} : { place };
}

import { FloeError } from '@floe/errors';
import { viewOf } from '../view-of.ts';
import type { BatchMetadata } from './read-metadata.ts';
import type { Dictionary, Field } from './field.ts';

/** The values of one column in one record batch: buffers as they lie in the file, not copied. */
export type ArrowColumn = {
  readonly field: Field;
  readonly length: number;
  /** One bit per row, 1 is a value; undefined when there is no NULL. */
  readonly validity: Buffer | undefined;
  /** Values of a fixed layout, views, or offsets. */
  readonly values: Buffer;
  /** The values again: numbers are read much faster through it. */
  readonly view: DataView;
  /** Bytes that views or offsets point into. */
  readonly data: readonly Buffer[];
  readonly children: readonly ArrowColumn[];
  /** The values that the keys of a categorical stand for. */
  readonly dictionary: ArrowColumn | undefined;
};

export type Dictionaries = ReadonlyMap<number, ArrowColumn>;

const EMPTY = Buffer.alloc(0);
const EMPTY_VIEW = viewOf(EMPTY);

/** False when no row of the column can be NULL. */
export function mayBeNull({ field, validity }: ArrowColumn): boolean {
  return field.layout === 'null' || validity !== undefined;
}

export function isNull(column: ArrowColumn, row: number): boolean {
  if (column.field.layout === 'null') return true;
  const { validity } = column;
  return validity !== undefined && ((validity[row >> 3]! >> (row & 7)) & 1) === 0;
}

/** Cuts the body of a batch into columns. Nodes and buffers come depth first, in the order of the fields. */
export function splitBatch(
  fields: readonly Field[],
  metadata: BatchMetadata,
  body: Buffer,
  dictionaries: Dictionaries,
): ArrowColumn[] {
  const parts = new BatchParts(metadata, body);
  return fields.map((field) => splitColumn(field, parts, dictionaries));
}

class BatchParts {
  readonly #metadata: BatchMetadata;
  readonly #body: Buffer;
  #node = 0;
  #buffer = 0;
  #views = 0;

  constructor(metadata: BatchMetadata, body: Buffer) {
    this.#metadata = metadata;
    this.#body = body;
  }

  nextNode(): { readonly length: number; readonly nullCount: number } {
    const node = this.#metadata.nodes[this.#node];
    if (node === undefined) throw tooShort('nodes');
    this.#node += 1;
    return node;
  }

  nextBuffer(): Buffer {
    const place = this.#metadata.buffers[this.#buffer];
    if (place === undefined || place.offset + place.length > this.#body.length)
      throw tooShort('buffers');
    this.#buffer += 1;
    return this.#body.subarray(place.offset, place.offset + place.length);
  }

  nextViewBuffers(): Buffer[] {
    const count = this.#metadata.viewBufferCounts[this.#views];
    if (count === undefined) throw tooShort('counts of view buffers');
    this.#views += 1;
    return Array.from({ length: count }, () => this.nextBuffer());
  }
}

function tooShort(what: string): FloeError {
  return new FloeError('INTERNAL', `a record batch has too few ${what} for its schema`);
}

function splitColumn(field: Field, parts: BatchParts, dictionaries: Dictionaries): ArrowColumn {
  const node = parts.nextNode();
  const empty = {
    field,
    length: node.length,
    view: EMPTY_VIEW,
    data: [],
    children: [],
    dictionary: undefined,
  };
  if (field.layout === 'null') return { ...empty, validity: undefined, values: EMPTY };
  const validityBuffer = parts.nextBuffer();
  const validity = node.nullCount === 0 ? undefined : validityBuffer;
  if (field.layout === 'struct' || field.layout === 'array')
    return { ...empty, validity, values: EMPTY, children: splitChildren() };
  const values = parts.nextBuffer();
  const base = { ...empty, validity, values, view: viewOf(values) };
  switch (field.layout) {
    case 'boolean':
      return base;
    case 'fixed':
      return { ...base, dictionary: dictionaryOf(field.dictionary, dictionaries) };
    case 'view':
      return { ...base, data: parts.nextViewBuffers() };
    case 'offsets32':
    case 'offsets64':
      return { ...base, data: [parts.nextBuffer()] };
    case 'list32':
    case 'list64':
      return { ...base, children: splitChildren() };
  }

  function splitChildren(): ArrowColumn[] {
    return field.children.map((child) => splitColumn(child, parts, dictionaries));
  }
}

function dictionaryOf(
  dictionary: Dictionary | undefined,
  dictionaries: Dictionaries,
): ArrowColumn | undefined {
  if (dictionary === undefined) return undefined;
  const values = dictionaries.get(dictionary.id);
  if (values === undefined) throw tooShort('dictionaries');
  return values;
}

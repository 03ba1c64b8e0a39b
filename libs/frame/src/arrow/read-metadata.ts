import { FloeError } from '@floe/errors';
import type { DataType, TimeUnit } from '@floe/expression';
import { ByteBuffer } from 'flatbuffers';
import {
  DictionaryBatchSlot,
  DictionaryEncodingSlot,
  FieldSlot,
  FixedSizeListSlot,
  FooterSlot,
  Header,
  MessageSlot,
  RecordBatchSlot,
  SchemaSlot,
  TIME_UNITS,
  TypeId,
} from './arrow-format.ts';
import { type Field, type Layout, fixedWidth } from './field.ts';
import { FlatTable } from './flat-table.ts';
import type { Block, BufferPlace } from './write-metadata.ts';

export type Footer = {
  readonly fields: readonly Field[];
  readonly dictionaries: readonly Block[];
  readonly batches: readonly Block[];
};

export type NodeLength = { readonly length: number; readonly nullCount: number };

export type BatchMetadata = {
  readonly rows: number;
  readonly nodes: readonly NodeLength[];
  readonly buffers: readonly BufferPlace[];
  readonly viewBufferCounts: readonly number[];
  /** Set when the batch holds the values of a dictionary. */
  readonly dictionaryId: number | undefined;
};

const BLOCK_BYTES = 24;
const PAIR_BYTES = 16;
/** A schema nests lists and structs; a file that nests deeper than this is not one that Polars wrote for us. */
const MAX_DEPTH = 64;

export function decodeFooter(bytes: Uint8Array): Footer {
  const footer = FlatTable.root(new ByteBuffer(bytes));
  const schema = footer.table(FooterSlot.schema);
  if (schema === undefined) throw new FloeError('INTERNAL', 'the Arrow footer has no schema');
  return {
    fields: schema.tables(SchemaSlot.fields).map((table) => decodeField(table, 0)),
    dictionaries: decodeBlocks(footer, FooterSlot.dictionaries),
    batches: decodeBlocks(footer, FooterSlot.recordBatches),
  };
}

export function decodeBatchMessage(bytes: Uint8Array): BatchMetadata {
  const message = FlatTable.root(new ByteBuffer(bytes));
  const headerType = message.uint8(MessageSlot.headerType, 0);
  const header = message.table(MessageSlot.header);
  if (header === undefined) throw new FloeError('INTERNAL', 'an Arrow message has no header');
  if (headerType === Header.recordBatch) return decodeBatch(header, undefined);
  const data = header.table(DictionaryBatchSlot.data);
  if (headerType !== Header.dictionaryBatch || data === undefined)
    throw new FloeError('INTERNAL', `an Arrow block has header type ${headerType}`);
  return decodeBatch(data, header.int64(DictionaryBatchSlot.id));
}

function decodeBatch(batch: FlatTable, dictionaryId: number | undefined): BatchMetadata {
  if (batch.table(RecordBatchSlot.compression) !== undefined)
    throw new FloeError('INTERNAL', 'an Arrow file is compressed; Floe writes datasets plain');
  return {
    rows: batch.int64(RecordBatchSlot.length),
    nodes: batch
      .structs(RecordBatchSlot.nodes, PAIR_BYTES)
      .map((at) => ({ length: batch.int64At(at), nullCount: batch.int64At(at + 8) })),
    buffers: batch
      .structs(RecordBatchSlot.buffers, PAIR_BYTES)
      .map((at) => ({ offset: batch.int64At(at), length: batch.int64At(at + 8) })),
    viewBufferCounts: batch
      .structs(RecordBatchSlot.variadicCounts, 8)
      .map((at) => batch.int64At(at)),
    dictionaryId,
  };
}

function decodeBlocks(footer: FlatTable, slot: number): Block[] {
  return footer.structs(slot, BLOCK_BYTES).map((at) => ({
    offset: footer.int64At(at),
    metadataBytes: footer.int32At(at + 8),
    bodyBytes: footer.int64At(at + 16),
  }));
}

function decodeField(table: FlatTable, depth: number): Field {
  if (depth > MAX_DEPTH)
    throw new FloeError('INTERNAL', `an Arrow schema nests deeper than ${MAX_DEPTH}`);
  const name = table.string(FieldSlot.name) ?? '';
  const children = table.tables(FieldSlot.children).map((child) => decodeField(child, depth + 1));
  const plain = decodeType(table, { name, children });
  const field = { name, children, width: fixedWidth(plain.type) ?? 0, ...plain };
  const encoding = table.table(FieldSlot.dictionary);
  if (encoding === undefined) return { ...field, dictionary: undefined };
  const keyBits = encoding.table(DictionaryEncodingSlot.indexType)?.int32(0, 32) ?? 32;
  return {
    name,
    type: { kind: 'categorical' },
    layout: 'fixed',
    width: keyBits / 8,
    children: [],
    dictionary: {
      id: encoding.int64(DictionaryEncodingSlot.id),
      keyBytes: keyBits / 8,
      values: { ...field, dictionary: undefined },
    },
  };
}

type Decoded = { readonly type: DataType; readonly layout: Layout };

function decodeType(
  field: FlatTable,
  { name, children }: Pick<Field, 'name' | 'children'>,
): Decoded {
  const id = field.uint8(FieldSlot.typeType, 0);
  const type = field.table(FieldSlot.type);
  if (type === undefined) throw new FloeError('INTERNAL', 'an Arrow field has no type');
  const plain = PLAIN_TYPES.get(id);
  if (plain !== undefined) return plain;
  if (id === TypeId.list || id === TypeId.largeList)
    return {
      type: { kind: 'list', inner: children[0]?.type ?? { kind: 'null' } },
      layout: id === TypeId.list ? 'list32' : 'list64',
    };
  if (id === TypeId.fixedSizeList)
    return {
      type: {
        kind: 'array',
        inner: children[0]?.type ?? { kind: 'null' },
        width: type.int32(FixedSizeListSlot.listSize, 0),
      },
      layout: 'array',
    };
  if (id === TypeId.struct)
    return {
      type: {
        kind: 'struct',
        fields: children.map(({ name, type: kind }) => ({ name, type: kind })),
      },
      layout: 'struct',
    };
  return { type: decodeFixedType(id, type, name), layout: 'fixed' };
}

const PLAIN_TYPES: ReadonlyMap<number, Decoded> = new Map([
  [TypeId.null, { type: { kind: 'null' }, layout: 'null' }],
  [TypeId.bool, { type: { kind: 'boolean' }, layout: 'boolean' }],
  [TypeId.utf8View, { type: { kind: 'string' }, layout: 'view' }],
  [TypeId.binaryView, { type: { kind: 'binary' }, layout: 'view' }],
  [TypeId.utf8, { type: { kind: 'string' }, layout: 'offsets32' }],
  [TypeId.binary, { type: { kind: 'binary' }, layout: 'offsets32' }],
  [TypeId.largeUtf8, { type: { kind: 'string' }, layout: 'offsets64' }],
  [TypeId.largeBinary, { type: { kind: 'binary' }, layout: 'offsets64' }],
] as const satisfies readonly (readonly [number, Decoded])[]);

function decodeFixedType(id: number, type: FlatTable, name: string): DataType {
  switch (id) {
    case TypeId.int:
      return decodeInteger(type.int32(0, 0), type.uint8(1, 0) !== 0, name);
    case TypeId.floatingPoint:
      return decodeFloat(type.int16(0, 0), name);
    case TypeId.decimal:
      return { kind: 'decimal', precision: type.int32(0, 0), scale: type.int32(1, 0) };
    case TypeId.date:
      return { kind: 'date' };
    case TypeId.time:
      return { kind: 'time' };
    case TypeId.timestamp:
      return { kind: 'datetime', unit: decodeUnit(type, 0), timezone: type.string(1) ?? null };
    case TypeId.duration:
      return { kind: 'duration', unit: decodeUnit(type, 1) };
    default:
      throw unsupported(name, `is of Arrow type ${id}`);
  }
}

/** Of the precisions HALF, SINGLE and DOUBLE. */
function decodeFloat(precision: number, name: string): DataType {
  if (precision === 0) throw unsupported(name, 'holds 16-bit floats');
  return { kind: precision === 1 ? 'float32' : 'float64' };
}

function decodeInteger(bits: number, isSigned: boolean, name: string): DataType {
  switch (bits) {
    case 8:
      return { kind: isSigned ? 'int8' : 'uint8' };
    case 16:
      return { kind: isSigned ? 'int16' : 'uint16' };
    case 32:
      return { kind: isSigned ? 'int32' : 'uint32' };
    case 64:
      return { kind: isSigned ? 'int64' : 'uint64' };
    default:
      throw unsupported(name, `holds ${bits}-bit integers`);
  }
}

function unsupported(column: string, what: string): FloeError {
  const message = `column ${JSON.stringify(column)} ${what}, which datasets cannot`;
  return new FloeError('TYPE_UNSUPPORTED', message, { details: { column } });
}

function decodeUnit(type: FlatTable, defaultUnit: number): TimeUnit {
  const unit = TIME_UNITS[type.int16(0, defaultUnit)];
  if (unit === undefined || unit === 's')
    throw new FloeError('TYPE_UNSUPPORTED', 'a dataset has a column of times in seconds');
  return unit;
}

import type { Column, DataType, Schema, TimeUnit } from '@floe/expression';
import { FloeError } from '@floe/errors';
import { Builder } from 'flatbuffers';
import {
  FieldSlot,
  FooterSlot,
  Header,
  METADATA_VERSION_5,
  MessageSlot,
  RecordBatchSlot,
  SchemaSlot,
  TIME_UNITS,
  TypeId,
} from './arrow-format.ts';

/** Where a record batch lies in the file. */
export type Block = {
  readonly offset: number;
  readonly metadataBytes: number;
  readonly bodyBytes: number;
};

export type BufferPlace = { readonly offset: number; readonly length: number };

export type BatchLayout = {
  readonly rows: number;
  /** Of each column, in order, each before its children. */
  readonly nodes: readonly { readonly length: number; readonly nullCount: number }[];
  readonly buffers: readonly BufferPlace[];
  /** Count of data buffers of each column of views, in order. */
  readonly viewBufferCounts: readonly number[];
  readonly bodyBytes: number;
};

const INITIAL_BUILDER_BYTES = 4096;

export function encodeSchemaMessage(schema: Schema): Uint8Array {
  const builder = new Builder(INITIAL_BUILDER_BYTES);
  const header = writeSchema(builder, schema);
  return finishMessage(builder, { headerType: Header.schema, header, bodyBytes: 0 });
}

export function encodeBatchMessage(batch: BatchLayout): Uint8Array {
  const builder = new Builder(INITIAL_BUILDER_BYTES);
  const nodes = writeNodes(builder, batch);
  const buffers = writeBuffers(builder, batch.buffers);
  const counts = writeLongs(builder, batch.viewBufferCounts);
  builder.startObject(5);
  builder.addFieldInt64(RecordBatchSlot.length, BigInt(batch.rows), 0n);
  builder.addFieldOffset(RecordBatchSlot.nodes, nodes, 0);
  builder.addFieldOffset(RecordBatchSlot.buffers, buffers, 0);
  builder.addFieldOffset(RecordBatchSlot.variadicCounts, counts, 0);
  const header = builder.endObject();
  const { bodyBytes } = batch;
  return finishMessage(builder, { headerType: Header.recordBatch, header, bodyBytes });
}

export function encodeFooter(schema: Schema, blocks: readonly Block[]): Uint8Array {
  const builder = new Builder(INITIAL_BUILDER_BYTES);
  const schemaOffset = writeSchema(builder, schema);
  const batches = writeBlocks(builder, blocks);
  const dictionaries = writeBlocks(builder, []);
  builder.startObject(5);
  builder.addFieldInt16(FooterSlot.version, METADATA_VERSION_5, 0);
  builder.addFieldOffset(FooterSlot.schema, schemaOffset, 0);
  builder.addFieldOffset(FooterSlot.dictionaries, dictionaries, 0);
  builder.addFieldOffset(FooterSlot.recordBatches, batches, 0);
  builder.finish(builder.endObject());
  return builder.asUint8Array();
}

type MessageParts = {
  readonly headerType: number;
  readonly header: number;
  readonly bodyBytes: number;
};

function finishMessage(builder: Builder, parts: MessageParts): Uint8Array {
  builder.startObject(5);
  builder.addFieldInt16(MessageSlot.version, METADATA_VERSION_5, 0);
  builder.addFieldInt8(MessageSlot.headerType, parts.headerType, 0);
  builder.addFieldOffset(MessageSlot.header, parts.header, 0);
  builder.addFieldInt64(MessageSlot.bodyLength, BigInt(parts.bodyBytes), 0n);
  builder.finish(builder.endObject());
  return builder.asUint8Array();
}

function writeSchema(builder: Builder, schema: Schema): number {
  const fields = writeOffsets(
    builder,
    schema.map((column) => writeField(builder, column)),
  );
  builder.startObject(4);
  builder.addFieldOffset(SchemaSlot.fields, fields, 0);
  return builder.endObject();
}

function writeField(builder: Builder, column: Column): number {
  const name = builder.createString(column.name);
  const { id, offset } = writeType(builder, column.type);
  const inner = column.type.kind === 'list' ? [column.type.inner] : [];
  const items = inner.map((type) => writeField(builder, { name: 'item', type }));
  const children = writeOffsets(builder, items);
  builder.startObject(7);
  builder.addFieldOffset(FieldSlot.name, name, 0);
  builder.addFieldInt8(FieldSlot.nullable, 1, 0);
  builder.addFieldInt8(FieldSlot.typeType, id, 0);
  builder.addFieldOffset(FieldSlot.type, offset, 0);
  builder.addFieldOffset(FieldSlot.children, children, 0);
  return builder.endObject();
}

type WrittenType = { readonly id: number; readonly offset: number };

function writeType(builder: Builder, type: DataType): WrittenType {
  switch (type.kind) {
    case 'boolean':
      return writePlainType(builder, TypeId.bool);
    case 'string':
      return writePlainType(builder, TypeId.utf8View);
    case 'binary':
      return writePlainType(builder, TypeId.binaryView);
    case 'int16':
      return writeIntType(builder, 16);
    case 'int32':
      return writeIntType(builder, 32);
    case 'uint32':
      return writeIntType(builder, 32, 0);
    case 'list':
      return writePlainType(builder, TypeId.largeList);
    case 'int64':
      return writeIntType(builder, 64);
    case 'float32':
      return writeFloatType(builder, 1);
    case 'float64':
      return writeFloatType(builder, 2);
    case 'date':
      builder.startObject(1);
      // Slot 0 is the unit; its default is milliseconds, so days have to be written although they are 0.
      builder.addFieldInt16(0, 0, 1);
      return { id: TypeId.date, offset: builder.endObject() };
    case 'decimal':
      builder.startObject(3);
      builder.addFieldInt32(0, type.precision, 0);
      builder.addFieldInt32(1, type.scale, 0);
      return { id: TypeId.decimal, offset: builder.endObject() };
    case 'time':
      builder.startObject(2);
      builder.addFieldInt16(0, TIME_UNITS.indexOf('ns'), 1);
      builder.addFieldInt32(1, 64, 32);
      return { id: TypeId.time, offset: builder.endObject() };
    case 'datetime':
      return writeTimestampType(builder, type.unit, type.timezone);
    default:
      throw new FloeError('INTERNAL', `no Arrow form is written for columns of type ${type.kind}`);
  }
}

function writePlainType(builder: Builder, id: number): WrittenType {
  builder.startObject(0);
  return { id, offset: builder.endObject() };
}

function writeIntType(builder: Builder, bits: number, isSigned = 1): WrittenType {
  builder.startObject(2);
  builder.addFieldInt32(0, bits, 0);
  builder.addFieldInt8(1, isSigned, 0);
  return { id: TypeId.int, offset: builder.endObject() };
}

function writeFloatType(builder: Builder, precision: number): WrittenType {
  builder.startObject(1);
  builder.addFieldInt16(0, precision, 0);
  return { id: TypeId.floatingPoint, offset: builder.endObject() };
}

function writeTimestampType(
  builder: Builder,
  unit: TimeUnit,
  timezone: string | null,
): WrittenType {
  const zone = timezone === null ? 0 : builder.createString(timezone);
  builder.startObject(2);
  builder.addFieldInt16(0, TIME_UNITS.indexOf(unit), 0);
  builder.addFieldOffset(1, zone, 0);
  return { id: TypeId.timestamp, offset: builder.endObject() };
}

function writeOffsets(builder: Builder, offsets: readonly number[]): number {
  builder.startVector(4, offsets.length, 4);
  for (const offset of offsets.toReversed()) builder.addOffset(offset);
  return builder.endVector();
}

function writeLongs(builder: Builder, values: readonly number[]): number {
  builder.startVector(8, values.length, 8);
  for (const value of values.toReversed()) builder.addInt64(BigInt(value));
  return builder.endVector();
}

function writeNodes(builder: Builder, batch: BatchLayout): number {
  builder.startVector(16, batch.nodes.length, 8);
  for (const { length, nullCount } of batch.nodes.toReversed()) {
    builder.addInt64(BigInt(nullCount));
    builder.addInt64(BigInt(length));
  }
  return builder.endVector();
}

function writeBuffers(builder: Builder, buffers: readonly BufferPlace[]): number {
  builder.startVector(16, buffers.length, 8);
  for (const { offset, length } of buffers.toReversed()) {
    builder.addInt64(BigInt(length));
    builder.addInt64(BigInt(offset));
  }
  return builder.endVector();
}

function writeBlocks(builder: Builder, blocks: readonly Block[]): number {
  builder.startVector(24, blocks.length, 8);
  for (const block of blocks.toReversed()) {
    builder.addInt64(BigInt(block.bodyBytes));
    builder.pad(4);
    builder.addInt32(block.metadataBytes);
    builder.addInt64(BigInt(block.offset));
  }
  return builder.endVector();
}

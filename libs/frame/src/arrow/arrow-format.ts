/**
 * Numbers of the Arrow IPC file format, from its flatbuffers files `Message.fbs`, `Schema.fbs` and `File.fbs`
 * (https://github.com/apache/arrow/tree/main/format). A table's members are named by their slot.
 */
export const MAGIC = Buffer.from('ARROW1');
export const CONTINUATION = 0xffffffff;
export const METADATA_VERSION_5 = 4;

/** Arrow asks for 8; 64 lets Polars map a file into memory and use every buffer where it lies. */
export const ALIGNMENT_BYTES = 64;

export const Header = { schema: 1, dictionaryBatch: 2, recordBatch: 3 } as const;

export const TypeId = {
  null: 1,
  int: 2,
  floatingPoint: 3,
  binary: 4,
  utf8: 5,
  bool: 6,
  decimal: 7,
  date: 8,
  time: 9,
  timestamp: 10,
  list: 12,
  struct: 13,
  fixedSizeList: 16,
  duration: 18,
  largeBinary: 19,
  largeUtf8: 20,
  largeList: 21,
  binaryView: 23,
  utf8View: 24,
} as const;

export const MessageSlot = { version: 0, headerType: 1, header: 2, bodyLength: 3 } as const;
export const SchemaSlot = { fields: 1 } as const;
export const FixedSizeListSlot = { listSize: 0 } as const;
export const FieldSlot = {
  name: 0,
  nullable: 1,
  typeType: 2,
  type: 3,
  dictionary: 4,
  children: 5,
} as const;
export const RecordBatchSlot = {
  length: 0,
  nodes: 1,
  buffers: 2,
  compression: 3,
  variadicCounts: 4,
} as const;
export const DictionaryBatchSlot = { id: 0, data: 1 } as const;
export const DictionaryEncodingSlot = { id: 0, indexType: 1 } as const;
export const FooterSlot = { version: 0, schema: 1, dictionaries: 2, recordBatches: 3 } as const;

/** Units of Time, Timestamp and Duration, in the order of Arrow's `TimeUnit`. */
export const TIME_UNITS = ['s', 'ms', 'us', 'ns'] as const;

export function alignedTo(size: number, alignment: number): number {
  return Math.ceil(size / alignment) * alignment;
}

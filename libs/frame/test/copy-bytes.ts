import type { PostgresColumn } from '../src/copy/postgres-types.ts';

/** A binary COPY as PostgreSQL would send it, from the binary forms of its values. */
export function copyBytes(rows: readonly (readonly (Buffer | null)[])[]): Buffer {
  const parts: Buffer[] = [Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')];
  for (const row of rows) {
    parts.push(int16(row.length));
    for (const value of row) parts.push(int32(value?.length ?? -1), value ?? Buffer.alloc(0));
  }
  return Buffer.concat([...parts, int16(-1)]);
}

/** The same in the CopyData messages of a server: one for each row, the header before the first, the trailer alone. */
export function copyMessages(rows: readonly (readonly (Buffer | null)[])[]): Buffer[] {
  const header = copyBytes([]).subarray(0, -2);
  const payloads = [...rows.map((row) => copyBytes([row]).subarray(header.length, -2)), int16(-1)];
  payloads[0] = Buffer.concat([header, payloads[0]!]);
  return payloads.map((payload) =>
    Buffer.concat([Buffer.from('d'), int32(payload.length + 4), payload]),
  );
}

export function int16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
}

export function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

export function int64(value: bigint): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64BE(value);
  return buffer;
}

export function column(name: string, oid: number, modifier = -1): PostgresColumn {
  return { name, type: { oid, name: `type ${oid}`, modifier, isEnum: false } };
}

export const Oid = {
  bool: 16,
  bytea: 17,
  int8: 20,
  int4: 23,
  text: 25,
  float8: 701,
  date: 1082,
  time: 1083,
  timestamptz: 1184,
  numeric: 1700,
  jsonb: 3802,
} as const;

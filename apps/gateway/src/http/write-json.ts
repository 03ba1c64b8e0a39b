/**
 * Messages as proto JSON (https://protobuf.dev/programming-guides/json/), with every plain field and list written even
 * when it has its default: a reader finds `"rows": "0"` rather than nothing. Absent messages and instants are left out.
 * Numbers of 64 bits are text, for JavaScript cannot hold them all.
 */
export function writeJson(message: object): string {
  return JSON.stringify(message, toProtoJson);
}

function toProtoJson(this: unknown, name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  // Buffers have a toJSON of their own, which has run before; the holder still has the bytes.
  const raw: unknown = Reflect.get(this as object, name);
  if (raw instanceof Uint8Array) return Buffer.from(raw).toString('base64');
  return value;
}

/**
 * Reads OTLP trace requests in protobuf into the shape of OTLP JSON, so that both encodings go one way from there.
 *
 * Field numbers: opentelemetry-proto 1.x, `trace/v1/trace.proto`, `common/v1/common.proto`,
 * `collector/trace/v1/trace_service.proto`. Wire format: https://protobuf.dev/programming-guides/encoding/.
 */
import { FloeError } from '@floe/errors';

/** A field as it is on the wire: numbers for varint and fixed32, bigint for fixed64 and large varints. */
type Field = { readonly number: number; readonly value: bigint | Buffer };

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

function readFields(bytes: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = () => {
    let [value, shift] = [0n, 0n];
    for (;;) {
      const byte = bytes.readUInt8(at);
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number) => {
    const part = bytes.subarray(at, at + length);
    at += length;
    return part;
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const number = tag >>> 3;
    switch (tag & 7) {
      case VARINT:
        fields.push({ number, value: varint() });
        break;
      case FIXED64:
        fields.push({ number, value: take(8).readBigUInt64LE() });
        break;
      case BYTES:
        fields.push({ number, value: take(Number(varint())) });
        break;
      case FIXED32:
        fields.push({ number, value: BigInt(take(4).readUInt32LE()) });
        break;
      default:
        throw new FloeError('ARGUMENT_INVALID', `no protobuf: wire type ${tag & 7}`);
    }
  }
  return fields;
}

type Message = ReadonlyMap<number, readonly Field['value'][]>;

function readMessage(value: Field['value'] | undefined): Message {
  const message = new Map<number, Field['value'][]>();
  if (!(value instanceof Buffer)) return message;
  for (const field of readFields(value)) {
    const values = message.get(field.number) ?? [];
    values.push(field.value);
    message.set(field.number, values);
  }
  return message;
}

const all = (message: Message, number: number) => message.get(number) ?? [];
const one = (message: Message, number: number) => all(message, number).at(-1);
const text = (message: Message, number: number) => bytesOf(one(message, number)).toString('utf8');
const hex = (message: Message, number: number) => bytesOf(one(message, number)).toString('hex');
const integer = (message: Message, number: number) => String(one(message, number) ?? 0n);

function bytesOf(value: Field['value'] | undefined): Buffer {
  return value instanceof Buffer ? value : Buffer.alloc(0);
}

/** An ExportTraceServiceRequest in the shape of OTLP JSON. */
export function readTraceRequest(bytes: Buffer): unknown {
  return { resourceSpans: all(readMessage(bytes), 1).map(readResourceSpans) };
}

function readResourceSpans(value: Field['value']) {
  const message = readMessage(value);
  const resource = { attributes: readAttributes(readMessage(one(message, 1)), 1) };
  const scopeSpans = all(message, 2).map((scope) => ({
    spans: all(readMessage(scope), 2).map(readSpan),
  }));
  return { resource, scopeSpans };
}

function readSpan(value: Field['value']) {
  const message = readMessage(value);
  const status = readMessage(one(message, 15));
  return {
    traceId: hex(message, 1),
    spanId: hex(message, 2),
    parentSpanId: hex(message, 4),
    name: text(message, 5),
    kind: Number(integer(message, 6)),
    startTimeUnixNano: integer(message, 7),
    endTimeUnixNano: integer(message, 8),
    attributes: readAttributes(message, 9),
    events: all(message, 11).map(readEvent),
    links: all(message, 13).map(readLink),
    status: { message: text(status, 2), code: Number(integer(status, 3)) },
  };
}

function readEvent(value: Field['value']) {
  const message = readMessage(value);
  const timeUnixNano = integer(message, 1);
  return { timeUnixNano, name: text(message, 2), attributes: readAttributes(message, 3) };
}

function readLink(value: Field['value']) {
  const message = readMessage(value);
  const attributes = readAttributes(message, 4);
  return { traceId: hex(message, 1), spanId: hex(message, 2), attributes };
}

function readAttributes(message: Message, number: number) {
  return all(message, number).map((pair) => {
    const keyValue = readMessage(pair);
    return { key: text(keyValue, 1), value: readAnyValue(one(keyValue, 2)) };
  });
}

function readAnyValue(value: Field['value'] | undefined): unknown {
  const message = readMessage(value);
  if (message.has(1)) return { stringValue: text(message, 1) };
  if (message.has(2)) return { boolValue: one(message, 2) !== 0n };
  if (message.has(3)) return { intValue: String(BigInt.asIntN(64, BigInt(integer(message, 3)))) };
  if (message.has(4)) return { doubleValue: doubleOf(BigInt(integer(message, 4))) };
  if (message.has(5))
    return { arrayValue: { values: all(readMessage(one(message, 5)), 1).map(readAnyValue) } };
  return {};
}

function doubleOf(bits: bigint): number {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(bits);
  return bytes.readDoubleLE();
}

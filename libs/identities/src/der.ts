/** The few words of DER (ITU-T X.690) that a certificate is written in. */

const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectId: 0x06,
  utf8: 0x0c,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

// Longer lengths than this are written as a count of bytes and the bytes.
const SHORT_LENGTH_MAX = 0x7f;

export function tagged(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body]);
}

export const sequence = (...parts: readonly Uint8Array[]) => tagged(TAG.sequence, ...parts);
export const set = (...parts: readonly Uint8Array[]) => tagged(TAG.set, ...parts);
export const octets = (body: Uint8Array) => tagged(TAG.octetString, body);
export const utf8 = (text: string) => tagged(TAG.utf8, Buffer.from(text, 'utf8'));
export const truth = () => tagged(TAG.boolean, Buffer.from([0xff]));
/** All bits of whole bytes. */
export const bits = (body: Uint8Array) => tagged(TAG.bitString, Buffer.from([0]), body);

/** The first `count` bits of one byte, as a list of flags wants it: without the zeros behind the last. */
export function flags(byte: number, count: number): Buffer {
  return tagged(TAG.bitString, Buffer.from([8 - count, byte]));
}

export function integer(value: number | Uint8Array): Buffer {
  const bytes = typeof value === 'number' ? Buffer.from([value]) : value;
  const isNegative = (bytes[0] ?? 0) >= 0x80;
  return tagged(TAG.integer, ...(isNegative ? [Buffer.from([0]), bytes] : [bytes]));
}

/** Like `2.5.4.3`. */
export function objectId(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  return tagged(TAG.objectId, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** `20261127120000Z`: good for every year, where UTCTime ends with 2049. */
export function instant(ms: number): Buffer {
  const text = new Date(ms).toISOString().replace(/\.\d+/, '').replaceAll(/[-:T]/g, '');
  return tagged(TAG.generalizedTime, Buffer.from(text, 'ascii'));
}

function lengthOf(length: number): Buffer {
  if (length <= SHORT_LENGTH_MAX) return Buffer.from([length]);
  const bytes: number[] = [];
  for (let left = length; left > 0; left = Math.floor(left / 256)) bytes.unshift(left % 256);
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}

function base128(value: number): number[] {
  const bytes = [value % 128];
  for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128)) {
    bytes.unshift(0x80 | (left % 128));
  }
  return bytes;
}

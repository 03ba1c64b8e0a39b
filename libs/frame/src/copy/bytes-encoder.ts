import { type ByteSpan, createByteSpan, locateBytes } from '../arrow/read-value.ts';
import type { ValueEncoder } from './value-encoder.ts';

/** Text and bytes as they are; jsonb has its version in front. */
export function createBytesEncoder(version: number | undefined): ValueEncoder {
  const span = createByteSpan();
  const extraBytes = version === undefined ? 0 : 1;
  return (column, row, output) => {
    locateBytes(column, row, span);
    const at = output.claim(4 + extraBytes + span.length);
    output.view.setInt32(at, span.length + extraBytes);
    if (version !== undefined) output.buffer[at + 4] = version;
    copyBytes(span, output.buffer, at + 4 + extraBytes);
    return undefined;
  };
}

/** A loop is faster than a call into native code for copies below about this size. */
const LOOP_BYTES = 48;

function copyBytes({ source, at, length }: ByteSpan, target: Buffer, to: number): void {
  if (length > LOOP_BYTES) source.copy(target, to, at, at + length);
  else for (let index = 0; index < length; index += 1) target[to + index] = source[at + index]!;
}

const UUID_BYTES = 16;
const DASH = 0x2d;
/** Digits before which a dash may stand: those after the 8th, 12th, 16th and 20th. */
const DASHED_DIGITS = 0b1_0001_0001_0001_0000_0000;
/** The longest text that is shown of a value in an error. */
const SHOWN_CHARACTERS = 60;

/** The value of each hexadecimal digit by its character; -1 for what is none. */
const DIGIT_VALUES = Int8Array.from({ length: 256 }, (_, code) => {
  const character = String.fromCharCode(code);
  return /[0-9a-f]/i.test(character) ? Number.parseInt(character, 16) : -1;
});

export function createUuidEncoder(): ValueEncoder {
  const span = createByteSpan();
  return (column, row, output) => {
    locateBytes(column, row, span);
    const at = output.claim(4 + UUID_BYTES);
    output.view.setInt32(at, UUID_BYTES);
    if (readUuid(span, output.buffer, at + 4)) return undefined;
    const text = span.source.toString('utf8', span.at, span.at + span.length);
    return `${JSON.stringify(text.slice(0, SHOWN_CHARACTERS))} is not a UUID`;
  };
}

/** Writes the bytes of a UUID in text, with or without dashes; false when it is none. */
function readUuid({ source, at, length }: ByteSpan, target: Buffer, to: number): boolean {
  let digits = 0;
  for (let index = at; index < at + length; index += 1) {
    const code = source[index]!;
    if (code === DASH) {
      if (((DASHED_DIGITS >> digits) & 1) === 0 || source[index - 1] === DASH) return false;
      continue;
    }
    const value = DIGIT_VALUES[code]!;
    if (value < 0 || digits === 2 * UUID_BYTES) return false;
    if (digits % 2 === 0) target[to + (digits >> 1)] = value << 4;
    else target[to + (digits >> 1)]! |= value;
    digits += 1;
  }
  return digits === 2 * UUID_BYTES;
}

import { createByteSpan, locateBytes } from '../arrow/read-value.ts';
import type { ValueEncoder } from './value-encoder.ts';

/** Text and bytes as they are; jsonb has its version in front. */
export function createBytesEncoder(version: number | undefined): ValueEncoder {
  const span = createByteSpan();
  const extraBytes = version === undefined ? 0 : 1;
  return (column, row, output) => {
    locateBytes(column, row, span);
    const at = output.claim(4 + extraBytes + span.length);
    output.buffer.writeInt32BE(span.length + extraBytes, at);
    if (version !== undefined) output.buffer[at + 4] = version;
    span.source.copy(output.buffer, at + 4 + extraBytes, span.at, span.at + span.length);
    return undefined;
  };
}

const UUID_TEXT = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;
const UUID_BYTES = 16;
/** The longest text that is shown of a value in an error. */
const SHOWN_CHARACTERS = 60;

export function createUuidEncoder(): ValueEncoder {
  const span = createByteSpan();
  return (column, row, output) => {
    locateBytes(column, row, span);
    const text = span.source.toString('utf8', span.at, span.at + span.length);
    if (!UUID_TEXT.test(text))
      return `${JSON.stringify(text.slice(0, SHOWN_CHARACTERS))} is not a UUID`;
    const at = output.claim(4 + UUID_BYTES);
    output.buffer.writeInt32BE(UUID_BYTES, at);
    output.buffer.write(text.replaceAll('-', ''), at + 4, 'hex');
    return undefined;
  };
}

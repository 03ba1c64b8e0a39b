/**
 * The text, cut to a number of UTF-8 bytes; a cut one ends with `…` and in no half character. Half of a surrogate pair becomes
 * the sign for what is no character: gRPC leaves a call without an answer whose message it cannot encode.
 */
export function shorten(text: string, bytesMax: number): string {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= bytesMax) return text.toWellFormed();
  const kept = new TextDecoder().decode(bytes.subarray(0, bytesMax - ELLIPSIS_BYTES), {
    stream: true,
  });
  return `${kept}…`;
}

const ELLIPSIS_BYTES = 3;

/**
 * The text of a token: `floe_`, 256 random bits in 43 letters and digits, a check of 6. The prefix lets scanners of
 * repositories and logs find what was left there; the check tells a slip of the pen from a wrong token without asking.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

export const TOKEN_PREFIX = 'floe_';
/** The bytes of randomness in a token: nobody guesses them, so that a plain SHA-256 guards them. */
export const SECRET_BYTES = 32;

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
// 62^43 is just above 2^256, 62^6 above 2^32.
const SECRET_CHARACTERS = 43;
const CHECK_CHARACTERS = 6;
const SHAPE = /^floe_[0-9A-Za-z]{49}$/;

export function writeToken(secret: Uint8Array): string {
  const body = inBase62(BigInt(`0x${Buffer.from(secret).toString('hex')}`), SECRET_CHARACTERS);
  return `${TOKEN_PREFIX}${body}${checkOf(body)}`;
}

/** Whether the text can be a token of any Floe. */
export function isTokenText(text: string): boolean {
  if (!SHAPE.test(text)) return false;
  const body = text.slice(TOKEN_PREFIX.length, -CHECK_CHARACTERS);
  return text.endsWith(checkOf(body));
}

/** What is stored of a token. */
export function hashToken(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function checkOf(body: string): string {
  return inBase62(BigInt(crc32(body)), CHECK_CHARACTERS);
}

function inBase62(value: bigint, length: number): string {
  let rest = value;
  let text = '';
  for (let position = 0; position < length; position += 1) {
    text = `${ALPHABET.charAt(Number(rest % 62n))}${text}`;
    rest /= 62n;
  }
  return text;
}

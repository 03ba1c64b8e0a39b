/**
 * Keys by which NATS knows its users: Ed25519, in the words of NATS. The server has the public half; a service proves
 * that it has the seed without ever sending it.
 * Source: https://github.com/nats-io/nkeys
 */
import { generateKeyPairSync } from 'node:crypto';

export type NatsKey = {
  /** `SU...`: the secret, for the service alone. */
  readonly seed: string;
  /** `U...`: for the server's configuration. */
  readonly publicKey: string;
};

const SEED = 18 << 3;
const USER = 20 << 3;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function makeNatsKey(): NatsKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { d = '', x = '' } = privateKey.export({ format: 'jwk' });
  const [secret, open] = [Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')];
  // The kind of a seed is spread over two bytes, so that its text begins with S and the kind of the key.
  const kind = Buffer.from([SEED | (USER >> 5), (USER & 0x1f) << 3]);
  return {
    seed: encode(Buffer.concat([kind, secret])),
    publicKey: encode(Buffer.concat([Buffer.from([USER]), open])),
  };
}

function encode(bytes: Buffer): string {
  const checked = Buffer.concat([bytes, Buffer.alloc(2)]);
  checked.writeUInt16LE(checksum(bytes), bytes.length);
  return base32(checked);
}

/** CRC-16/XMODEM. */
function checksum(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021;
    }
  }
  return crc & 0xffff;
}

function base32(bytes: Buffer): string {
  let text = '';
  let [held, heldBits] = [0, 0];
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff;
    heldBits += 8;
    for (; heldBits >= 5; heldBits -= 5) text += BASE32[(held >> (heldBits - 5)) & 0x1f];
  }
  return heldBits === 0 ? text : text + BASE32[(held << (5 - heldBits)) & 0x1f];
}

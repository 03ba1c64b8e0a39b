/** CRC-64 as Go's `crc64.ECMA` has it, in two halves of 32 bits: BigInt is a hundred times slower. */
const POLYNOMIAL_HIGH = 0xc96c5795;
const POLYNOMIAL_LOW = 0xd7870f42;
const ENTRIES = 256;

type Tables = { readonly high: Uint32Array; readonly low: Uint32Array };

function makeTables(): Tables {
  const high = new Uint32Array(ENTRIES);
  const low = new Uint32Array(ENTRIES);
  for (let index = 0; index < ENTRIES; index += 1) {
    let upper = 0;
    let lower = index;
    for (let bit = 0; bit < 8; bit += 1) {
      const isOdd = (lower & 1) === 1;
      lower = (lower >>> 1) | ((upper & 1) << 31);
      upper >>>= 1;
      if (!isOdd) continue;
      upper ^= POLYNOMIAL_HIGH;
      lower ^= POLYNOMIAL_LOW;
    }
    high[index] = upper;
    low[index] = lower;
  }
  return { high, low };
}

const TABLES = makeTables();

/** A sum that bytes are added to. */
export class Crc64 {
  #high = 0xffffffff;
  #low = 0xffffffff;

  add(bytes: Uint8Array): void {
    let high = this.#high;
    let low = this.#low;
    for (const byte of bytes) {
      const index = (low ^ byte) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ (TABLES.low[index] ?? 0);
      high = (high >>> 8) ^ (TABLES.high[index] ?? 0);
    }
    this.#high = high;
    this.#low = low;
  }

  /** As a signed integer of 64 bits, as archives hold it. */
  value(): bigint {
    const high = BigInt(~this.#high >>> 0);
    const low = BigInt(~this.#low >>> 0);
    return BigInt.asIntN(64, (high << 32n) | low);
  }
}

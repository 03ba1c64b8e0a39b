/**
 * PostgreSQL's binary numeric (`numeric_send` in numeric.c) and Arrow's 128-bit decimal, without objects per value.
 *
 * On the wire: int16 count of digits, int16 weight, uint16 sign, uint16 scale for display, then digits of base 10,000;
 * digit i counts 10,000^(weight - i). Arrow: the value times 10^scale as a two's complement of four 32-bit words,
 * lowest first.
 */
const BASE = 10_000;
const DIGITS_PER_GROUP = 4;
const WORD = 2 ** 32;
const HEADER_BYTES = 8;

const SIGN_NEGATIVE = 0x4000;
const SIGN_NAN = 0xc000;
const SIGN_INFINITY = 0xd000;
const SIGN_MINUS_INFINITY = 0xf000;

/** 10,000^3 stays far below 2^53, so three groups can be added up in a double. */
const GROUPS_IN_DOUBLE = 3;
/** 38 decimal digits at any scale touch at most 11 groups; more cannot fit 128 bits. */
const MAX_GROUPS = 11;

const POWERS_OF_TEN = [1, 10, 100, 1000] as const;

const TOO_MANY_DIGITS = 'it has more digits than a decimal holds';

/** Turns the wire form into 128 bits. One decoder serves one column. */
export class NumericDecoder {
  readonly #scale: number;
  readonly #fractionGroups: number;
  /** What the last group of the fraction counts: 10,000, or less where the scale ends inside of it. */
  readonly #lastFactor: number;
  /** A two's complement, lowest word first. */
  readonly #words = new Int32Array(4);

  constructor(scale: number) {
    this.#scale = scale;
    this.#fractionGroups = Math.ceil(scale / DIGITS_PER_GROUP);
    const cut = scale % DIGITS_PER_GROUP;
    this.#lastFactor = cut === 0 ? BASE : POWERS_OF_TEN[cut]!;
  }

  /** Decodes into four words of the target. Returns why it cannot, in words, or undefined. */
  decode(source: DataView, at: number, target: Int32Array, to: number): string | undefined {
    const digitCount = source.getInt16(at);
    const lastGroup = source.getInt16(at + 2) + this.#fractionGroups;
    const sign = source.getUint16(at + 4);
    const isSmall = lastGroup < GROUPS_IN_DOUBLE && digitCount <= lastGroup + 1;
    if (!isSmall || sign > SIGN_NEGATIVE) return this.#decodeLarge(source, at, target, to);
    let value = 0;
    for (let group = 0; group <= lastGroup; group += 1) {
      const digit = group < digitCount ? source.getInt16(at + HEADER_BYTES + 2 * group) : 0;
      if (group < lastGroup || this.#lastFactor === BASE) value = value * BASE + digit;
      else {
        const divisor = BASE / this.#lastFactor;
        if (digit % divisor !== 0) return this.#tooFine();
        value = value * this.#lastFactor + digit / divisor;
      }
    }
    if (sign === SIGN_NEGATIVE) value = -value;
    const high = Math.floor(value / WORD);
    target[to] = value - high * WORD;
    target[to + 1] = high;
    target[to + 2] = target[to + 3] = value < 0 ? -1 : 0;
    return undefined;
  }

  #decodeLarge(source: DataView, at: number, target: Int32Array, to: number): string | undefined {
    const digitCount = source.getInt16(at);
    const lastGroup = source.getInt16(at + 2) + this.#fractionGroups;
    const sign = source.getUint16(at + 4);
    if (sign === SIGN_NAN) return 'it is NaN, which a decimal cannot hold';
    if (sign === SIGN_INFINITY) return 'it is Infinity, which a decimal cannot hold';
    if (sign === SIGN_MINUS_INFINITY) return 'it is -Infinity, which a decimal cannot hold';
    if (lastGroup + 1 > MAX_GROUPS) return TOO_MANY_DIGITS;
    const refusal = this.#accumulate(source, at + HEADER_BYTES, digitCount, lastGroup);
    if (refusal === undefined && sign === SIGN_NEGATIVE) negate(this.#words);
    for (let word = 0; word < 4; word += 1) target[to + word] = this.#words[word]!;
    return refusal;
  }

  #accumulate(
    source: DataView,
    digitsAt: number,
    digitCount: number,
    lastGroup: number,
  ): string | undefined {
    this.#words.fill(0);
    for (let group = 0; group <= lastGroup; group += 1) {
      const digit = group < digitCount ? source.getInt16(digitsAt + 2 * group) : 0;
      const factor = group === lastGroup ? this.#lastFactor : BASE;
      const divisor = BASE / factor;
      if (digit % divisor !== 0) return this.#tooFine();
      if (!multiplyAdd(this.#words, factor, digit / divisor)) return TOO_MANY_DIGITS;
    }
    for (let group = Math.max(0, lastGroup + 1); group < digitCount; group += 1)
      if (source.getInt16(digitsAt + 2 * group) !== 0) return this.#tooFine();
    return undefined;
  }

  #tooFine(): string {
    return `it has more than the ${this.#scale} digits after the point that its column declares`;
  }
}

/** target = target * factor + summand; false when the sign bit would be touched. */
function multiplyAdd(target: Int32Array, factor: number, summand: number): boolean {
  let carry = summand;
  for (let word = 0; word < 4; word += 1) {
    const product = (target[word]! >>> 0) * factor + carry;
    target[word] = (product % WORD) | 0;
    carry = Math.floor(product / WORD);
  }
  return carry === 0 && target[3]! >= 0;
}

function negate(words: Int32Array): void {
  let carry = 1;
  for (let word = 0; word < 4; word += 1) {
    const sum = (~words[word]! >>> 0) + carry;
    words[word] = (sum % WORD) | 0;
    carry = sum >= WORD ? 1 : 0;
  }
}

/** Most digits of base 10,000 that a 128-bit value, shifted to a whole group, can have. */
const ENCODED_GROUPS = 12;

/** Times the largest shift it is still a whole number in a double. */
const SMALL_MAX = 2 ** 43;

/** The most bytes that `encode` writes. */
export const MAX_NUMERIC_BYTES = HEADER_BYTES + 2 * ENCODED_GROUPS;

/** Turns integers of up to 128 bits with a scale into the wire form. One encoder serves one column. */
export class NumericEncoder {
  readonly #scale: number;
  readonly #fractionGroups: number;
  /** What makes the scale a multiple of four digits. */
  readonly #shift: number;
  /** Five words: the fifth takes the shift of at most 10^3 that makes the scale a multiple of four digits. */
  readonly #words = new Float64Array(5);
  readonly #groups = new Int16Array(ENCODED_GROUPS);
  readonly #magnitude = new Int32Array(4);

  constructor(scale: number) {
    this.#scale = scale;
    this.#fractionGroups = Math.ceil(scale / DIGITS_PER_GROUP);
    const missing = (DIGITS_PER_GROUP - (scale % DIGITS_PER_GROUP)) % DIGITS_PER_GROUP;
    this.#shift = POWERS_OF_TEN[missing]!;
  }

  /** Writes at `at` and returns the size. The words are a two's complement, lowest first. */
  encode(words: Int32Array, target: DataView, at: number): number {
    const isNegative = words[3]! < 0;
    const small = words[1]! * WORD + (words[0]! >>> 0);
    const sign = words[1]! >> 31;
    const isSmall = words[2] === sign && words[3] === sign && Math.abs(small) <= SMALL_MAX;
    const count = isSmall ? this.#cutSmall(Math.abs(small)) : this.#cutLarge(words, isNegative);
    return this.#writeGroups(count, isNegative, target, at);
  }

  #cutSmall(magnitude: number): number {
    let rest = magnitude * this.#shift;
    let count = 0;
    while (rest > 0) {
      const next = Math.floor(rest / BASE);
      this.#groups[count] = rest - next * BASE;
      count += 1;
      rest = next;
    }
    return count;
  }

  #cutLarge(words: Int32Array, isNegative: boolean): number {
    this.#magnitude.set(words);
    if (isNegative) negate(this.#magnitude);
    for (let word = 0; word < 4; word += 1) this.#words[word] = this.#magnitude[word]! >>> 0;
    this.#words[4] = 0;
    this.#alignScale();
    return this.#cutGroups();
  }

  #alignScale(): void {
    let carry = 0;
    for (let word = 0; word < 5; word += 1) {
      const product = this.#words[word]! * this.#shift + carry;
      this.#words[word] = product % WORD;
      carry = Math.floor(product / WORD);
    }
  }

  /** Divides by 10,000 until nothing is left; returns the count of groups, lowest first in `#groups`. */
  #cutGroups(): number {
    let count = 0;
    while (this.#words.some((word) => word !== 0)) {
      let rest = 0;
      for (let word = 4; word >= 0; word -= 1) {
        const dividend = rest * WORD + this.#words[word]!;
        this.#words[word] = Math.floor(dividend / BASE);
        rest = dividend % BASE;
      }
      this.#groups[count] = rest;
      count += 1;
    }
    return count;
  }

  #writeGroups(count: number, isNegative: boolean, target: DataView, at: number): number {
    let trailing = 0;
    while (trailing < count && this.#groups[trailing] === 0) trailing += 1;
    const digitCount = count - trailing;
    target.setInt16(at, digitCount);
    target.setInt16(at + 2, digitCount === 0 ? 0 : count - 1 - this.#fractionGroups);
    target.setUint16(at + 4, isNegative ? SIGN_NEGATIVE : 0);
    target.setUint16(at + 6, this.#scale);
    for (let group = 0; group < digitCount; group += 1)
      target.setInt16(at + HEADER_BYTES + 2 * group, this.#groups[count - 1 - group]!);
    return HEADER_BYTES + 2 * digitCount;
  }
}

import { NumericDecoder } from '../copy/numeric.ts';
import type { FixedLoop } from './fixed-builder.ts';
import { NULL_PLACE } from './wire-values.ts';

/** Numerics as decimals of 128 bits. */
export function numericLoop(scale: number): FixedLoop {
  const decoder = new NumericDecoder(scale);
  return ({ int32, validity, row }, { view }, places, from) => {
    const { at: placeOf, first, stride, count } = places;
    for (let index = from; index < count; index += 1) {
      const at = placeOf[first + index * stride]!;
      const to = 4 * (row + index);
      if (at === NULL_PLACE) {
        validity.clear(row + index);
        int32[to] = int32[to + 1] = int32[to + 2] = int32[to + 3] = 0;
        continue;
      }
      const reason = decoder.decode(view, at, int32, to);
      if (reason !== undefined) return { index, reason };
    }
    return undefined;
  };
}

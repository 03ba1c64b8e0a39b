import { MAX_JSON_DEPTH } from './limits.ts';

/** JSON with exact integers: Polars reads 64-bit integers, which a double cannot hold. */
export type Json =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** The text of a value; integers of any size keep all digits. Recursion is bounded by `jsonDepth` at the caller. */
export function writeJson(value: Json): string {
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`;
  const members = Object.entries(value).map(
    ([key, member]) => `${JSON.stringify(key)}:${writeJson(member)}`,
  );
  return `{${members.join(',')}}`;
}

/** Whether Polars' reader would refuse the value for its depth. Looks no deeper than the limit. */
export function isTooDeep(value: Json, levels: number = MAX_JSON_DEPTH): boolean {
  if (value === null || typeof value !== 'object') return false;
  if (levels === 0) return true;
  return Object.values(value).some((member: Json) => isTooDeep(member, levels - 1));
}

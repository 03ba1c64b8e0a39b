import type { Cell } from './profile.ts';

/** What a check found of one rule, as executors write it; checked, for it comes from a store. */
export type Finding = {
  readonly rule: string;
  /** `stop` or `warn`. */
  readonly severity: string;
  readonly passed: boolean;
  readonly found: string;
  /** The first rows that break the rule. */
  readonly failing?: {
    readonly schema: readonly { readonly name: string }[];
    readonly rows: readonly (readonly Cell[])[];
  };
};

/** The findings of a check, or undefined for something else. */
export function parseFindings(text: string): readonly Finding[] | undefined {
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value)) return undefined;
  return value.every(isFinding) ? value : undefined;
}

function isFinding(value: unknown): value is Finding {
  if (typeof value !== 'object' || value === null) return false;
  const { rule, passed, found } = value as Partial<Finding>;
  return typeof rule === 'string' && typeof passed === 'boolean' && typeof found === 'string';
}

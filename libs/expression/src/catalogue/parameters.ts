import type { Literal } from '../program.ts';
import type { Parameter, Role } from './signature.ts';

/** Short forms for the rows of the catalogue. */
export const column = (name: string, role?: Role): Parameter => ({
  name,
  accepts: 'column',
  ...(role ? { role } : {}),
});
export const columns = (name: string, role?: Role): Parameter => ({
  name,
  accepts: 'column',
  isMany: true,
  isVariadic: true,
  ...(role ? { role } : {}),
});
export const value = (name: string, role?: Role): Parameter => ({
  name,
  accepts: 'value',
  ...(role ? { role } : {}),
});
/** A list of values, or an expression that gives lists. */
export const values = (name: string): Parameter => ({ name, accepts: 'values' });
/** An expression over the members of the receiver's lists. */
export const overMembers = (name: string): Parameter => ({ name, accepts: 'members' });
export const withFallback = (parameter: Parameter, fallback: Literal): Parameter => ({
  ...parameter,
  fallback,
});
export const optional = (parameter: Parameter): Parameter => ({ ...parameter, isOptional: true });
export const keyword = (parameter: Parameter): Parameter => ({ ...parameter, isKeywordOnly: true });
export const nullable = (parameter: Parameter): Parameter => ({
  ...parameter,
  isNullable: true,
  fallback: { kind: 'null' },
});
export const many = (parameter: Parameter): Parameter => ({ ...parameter, isMany: true });

export const text = (name: string, fallback?: string): Parameter => ({
  name,
  accepts: 'string',
  ...(fallback === undefined ? {} : { fallback: { kind: 'string', value: fallback } }),
});
export const choice = (name: string, choices: readonly string[], fallback?: string): Parameter => ({
  ...text(name, fallback),
  choices,
});
export const integer = (name: string, fallback?: number): Parameter => ({
  name,
  accepts: 'integer',
  ...(fallback === undefined ? {} : { fallback: { kind: 'integer', value: String(fallback) } }),
});
export const interval = (name: string, fallback?: string): Parameter => ({
  name,
  accepts: 'interval',
  ...(fallback === undefined ? {} : { fallback: { kind: 'string', value: fallback } }),
});
export const number = (name: string, fallback?: number): Parameter => ({
  name,
  accepts: 'number',
  ...(fallback === undefined ? {} : { fallback: { kind: 'float', value: String(fallback) } }),
});
export const flag = (name: string, fallback: boolean): Parameter => ({
  name,
  accepts: 'boolean',
  fallback: { kind: 'boolean', value: fallback },
});

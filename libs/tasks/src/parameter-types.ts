import type { DataType } from '@floe/expression';
import type { ParameterSpec, ParameterType } from '@floe/workflow';

const TYPES: Readonly<Record<ParameterType, DataType>> = {
  string: { kind: 'string' },
  integer: { kind: 'int64' },
  float: { kind: 'float64' },
  boolean: { kind: 'boolean' },
  date: { kind: 'date' },
  // With or without a zone: which it is stands in the value.
  datetime: { kind: 'unknown' },
};

/** The types that parameters have in Polars text. */
export function parameterTypes(
  params: Readonly<Record<string, ParameterSpec>>,
): Readonly<Record<string, DataType>> {
  return Object.fromEntries(Object.entries(params).map(([name, spec]) => [name, TYPES[spec.type]]));
}

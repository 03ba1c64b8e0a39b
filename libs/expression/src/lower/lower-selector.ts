import type { Json } from '../json.ts';
import type { Selector, TypeClass } from '../program.ts';
import { dataTypeJson } from './data-type-json.ts';

/** A choice of columns in the form that Polars deserialises. */
export function selectorExpression(selector: Selector): Json {
  const [first] = selector.kind === 'names' ? selector.names : [];
  const isOne = selector.kind === 'names' && !selector.isMultiple && first !== undefined;
  return isOne ? { Column: first.name } : { Selector: selectorJson(selector) };
}

export function selectorJson(selector: Selector): Json {
  switch (selector.kind) {
    case 'all':
      return 'Wildcard';
    case 'names': {
      const names = selector.names.map(({ name }) => name);
      return { ByName: { names, strict: !selector.isLenient } };
    }
    case 'types':
      return { ByDType: { AnyOf: selector.types.map(dataTypeJson) } };
    case 'class':
      return { ByDType: CLASSES[selector.class] };
    case 'moments':
      return { ByDType: momentsJson(selector) };
    case 'matches':
      return { Matches: selector.pattern };
    case 'places':
      return { ByIndex: { indices: selector.places, strict: !selector.isLenient } };
    case 'combined':
      return {
        [COMBINATIONS[selector.how]]: [selectorJson(selector.left), selectorJson(selector.right)],
      };
  }
}

const COMBINATIONS = {
  union: 'Union',
  intersection: 'Intersect',
  difference: 'Difference',
  symmetric_difference: 'ExclusiveOr',
} as const;

const CLASSES: Readonly<Record<TypeClass, Json>> = {
  numeric: 'Numeric',
  integer: 'Integer',
  signed_integer: 'SignedInteger',
  unsigned_integer: 'UnsignedInteger',
  float: 'Float',
  decimal: 'Decimal',
  temporal: 'Temporal',
  categorical: 'Categorical',
  enum: 'Enum',
  nested: 'Nested',
  list: { List: null },
  array: { Array: [null, null] },
  struct: 'Struct',
};

const UNITS = { ns: 'NANO_SECONDS', us: 'MICRO_SECONDS', ms: 'MILLI_SECONDS' } as const;

function momentsJson({ of, units, zone }: Extract<Selector, { kind: 'moments' }>): Json {
  const unitSet = units.map((unit) => UNITS[unit]).join(' | ');
  if (of === 'duration') return { Duration: unitSet };
  if (zone === 'any') return { Datetime: [unitSet, 'Any'] };
  if (zone === 'set') return { Datetime: [unitSet, 'AnySet'] };
  return { Datetime: [unitSet, zone === null ? 'Unset' : { AnyOf: [{ inner: zone.name }] }] };
}

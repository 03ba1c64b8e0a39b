import { expect, test } from 'vitest';
import { errorOf, violationLines } from '../test/violations-of.ts';
import { bindParameters } from './bind-parameters.ts';
import type { ParameterSpec } from './workflow.ts';

const spec = (type: ParameterSpec['type'], rest: Partial<ParameterSpec> = {}): ParameterSpec => ({
  type,
  description: '',
  required: true,
  ...rest,
});

const one = (type: ParameterSpec['type'], value: unknown) =>
  bindParameters({ params: { p: spec(type) } }, { p: value })['p'];

test.each([
  ['string', 'Ø', 'Ø'],
  ['string', '', ''],
  ['integer', 15, '15'],
  ['integer', '+9223372036854775807', '9223372036854775807'],
  ['float', '1e-3', '0.001'],
  ['float', 2, '2'],
  ['boolean', 'true', 'true'],
  ['boolean', false, 'false'],
  ['date', '2000-02-29', '2000-02-29'],
  ['datetime', '2001-01-31 23:59', '2001-01-31T23:59:00'],
  ['datetime', '2001-01-31T23:59:01.123456', '2001-01-31T23:59:01.123456'],
  ['datetime', '2001-01-01T00:30:00.5+01:00', '2000-12-31T23:30:00.5Z'],
  ['datetime', '2001-01-01T00:30:00Z', '2001-01-01T00:30:00Z'],
] as const)('reads %s from %j', (type, given, value) => {
  expect(one(type, given)).toEqual({ kind: type, value });
});

test.each([
  ['string', 5],
  ['string', 'a\u0000b'],
  ['string', '\ud800'],
  ['integer', 1.5],
  ['integer', '9223372036854775808'],
  ['integer', 2 ** 53],
  ['integer', ''],
  ['float', 'NaN'],
  ['float', '1e999'],
  ['boolean', 'yes'],
  ['date', '2001-02-29'],
  ['date', '2001-1-1'],
  ['datetime', '2001-01-01'],
  ['datetime', '2001-01-01T25:00'],
  ['datetime', '2001-02-30T10:00:00+01:00'],
  ['date', {}],
] as const)('refuses %s from %j', (type, given) => {
  expect(errorOf(() => one(type, given)).code).toBe('PARAMETER_INVALID');
});

test('fills in defaults and gives null for what may be left out', () => {
  const params = {
    since: spec('date', { required: false, default: { kind: 'date', value: '2001-01-01' } }),
    note: spec('string', { required: false }),
  };
  expect(bindParameters({ params }, {})).toEqual({
    since: { kind: 'date', value: '2001-01-01' },
    note: { kind: 'null' },
  });
});

test('says everything that is wrong at once', () => {
  const params = {
    since: spec('date'),
    size: spec('string', {
      enum: [
        { kind: 'string', value: 'small' },
        { kind: 'string', value: 'large' },
      ],
    }),
  };
  expect(
    violationLines(() => bindParameters({ params }, { sincee: '2001-01-01', size: 'smal' })),
  ).toEqual([
    'params.sincee: the workflow has no parameter `sincee` | Did you mean `since`?',
    'params.since: is required and was not given | Give a date: --param since=...',
    'params.size: is not one of the allowed values | Did you mean `small`?',
  ]);
});

test('names from objects in general are no parameters', () => {
  expect(errorOf(() => bindParameters({ params: {} }, { constructor: 1 })).code).toBe(
    'PARAMETER_INVALID',
  );
});

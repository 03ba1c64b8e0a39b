import { dataTypeJson } from '../lower/data-type-json.ts';
import { binary as divide, floatLiteral, func } from '../lower/shapes.ts';
import { BINARY, BOOLEAN, FLOAT64, STRING, UINT32, UINT8, UNKNOWN } from '../types/kinds.ts';
import {
  choice,
  flag,
  integer,
  keyword,
  nullable,
  text,
  value,
  withFallback,
} from './parameters.ts';
import { apply, elementwise, type Row } from './rows.ts';
import type { Entry, Parameter } from './signature.ts';
import { onBinary, onCategorical, onString } from './type-rules.ts';

const ofBytes = (name: string, row: Row): Entry => elementwise(`bin.${name}`, row);
const ofCategory = (name: string, row: Row): Entry => elementwise(`cat.${name}`, row);

const ENCODINGS = ['hex', 'base64'];
const encode = (encoding: string): string => (encoding === 'hex' ? 'HexEncode' : 'Base64Encode');
const decode = (encoding: string): string => (encoding === 'hex' ? 'HexDecode' : 'Base64Decode');
const DECODING = [choice('encoding', ENCODINGS), keyword(flag('strict', true))];

const test = (
  name: string,
  polars: string,
  [summary, parameter]: readonly [string, string],
): Entry =>
  ofBytes(name, {
    summary,
    parameters: [value(parameter)],
    type: onBinary(BOOLEAN),
    lower: apply({ BinaryExpr: polars }),
  });
const COUNT: Parameter = withFallback(value('n'), { kind: 'integer', value: '5' });

/** Bytes in each unit of `bin.size`. */
const SIZES: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1024,
  mb: 1024 ** 2,
  gb: 1024 ** 3,
  tb: 1024 ** 4,
};

export const BINARIES: readonly Entry[] = [
  test('contains', 'Contains', ['Whether the bytes occur.', 'literal']),
  test('starts_with', 'StartsWith', ['Whether it starts with the bytes.', 'prefix']),
  test('ends_with', 'EndsWith', ['Whether it ends with the bytes.', 'suffix']),
  ofBytes('encode', {
    summary: 'As text in hexadecimal or base64.',
    parameters: [choice('encoding', ENCODINGS)],
    type: onBinary(STRING),
    lower: ({ receiver, text: of }) => func([receiver], { BinaryExpr: encode(of('encoding')) }),
  }),
  ofBytes('decode', {
    summary: 'From hexadecimal or base64.',
    parameters: DECODING,
    type: onBinary(BINARY),
    lower: ({ receiver, text: of, flag: is }) =>
      func([receiver], { BinaryExpr: { [decode(of('encoding'))]: is('strict') } }),
  }),
  ofBytes('size', {
    summary: 'Number of bytes, or of larger units.',
    parameters: [choice('unit', Object.keys(SIZES), 'b')],
    type: (call) => {
      const unit = call.constant('unit');
      const isBytes = unit?.kind === 'string' && unit.value === 'b';
      return onBinary(isBytes ? UINT32 : FLOAT64)(call);
    },
    lower: ({ receiver, text: of }) => {
      const size = func([receiver], { BinaryExpr: 'Size' });
      const unit = SIZES[of('unit')] ?? 1;
      return unit === 1 ? size : divide(size, 'TrueDivide', floatLiteral(unit));
    },
  }),
  ofBytes('slice', {
    summary: 'Bytes from an offset on.',
    parameters: [value('offset'), withFallback(value('length'), { kind: 'null' })],
    type: onBinary(BINARY),
    lower: apply({ BinaryExpr: 'Slice' }),
  }),
  ofBytes('head', {
    summary: 'The first bytes.',
    parameters: [COUNT],
    type: onBinary(BINARY),
    lower: apply({ BinaryExpr: 'Head' }),
  }),
  ofBytes('tail', {
    summary: 'The last bytes.',
    parameters: [COUNT],
    type: onBinary(BINARY),
    lower: apply({ BinaryExpr: 'Tail' }),
  }),
  ofBytes('get', {
    summary: 'The byte at an index.',
    parameters: [value('index'), keyword(flag('null_on_oob', false))],
    type: onBinary(UINT8),
    lower: ({ operands, flag: of }) => func(operands, { BinaryExpr: { Get: of('null_on_oob') } }),
  }),
  ofBytes('reinterpret', {
    summary: 'The bytes read as numbers of a type.',
    parameters: [
      keyword({ name: 'dtype', accepts: 'type' }),
      keyword(choice('endianness', ['little', 'big'], 'little')),
    ],
    type: (call) => onBinary(call.type('dtype') ?? UNKNOWN)(call),
    lower: ({ receiver, type, text: of }) =>
      func([receiver], {
        BinaryExpr: {
          Reinterpret: [{ Literal: dataTypeJson(type('dtype')) }, of('endianness') === 'little'],
        },
      }),
  }),
  elementwise('str.encode', {
    summary: 'Its bytes in hexadecimal or base64.',
    parameters: [choice('encoding', ENCODINGS)],
    type: onString(STRING),
    lower: ({ receiver, text: of }) => func([receiver], { StringExpr: encode(of('encoding')) }),
  }),
  elementwise('str.decode', {
    summary: 'Bytes from hexadecimal or base64.',
    parameters: DECODING,
    type: onString(BINARY),
    lower: ({ receiver, text: of, flag: is }) =>
      func([receiver], { StringExpr: { [decode(of('encoding'))]: is('strict') } }),
  }),
];

export const CATEGORIES: readonly Entry[] = [
  ofCategory('get_categories', {
    summary: 'All categories, a row each.',
    shape: 'resize',
    type: onCategorical(STRING),
    lower: apply({ Categorical: 'GetCategories' }),
  }),
  ofCategory('physical', {
    summary: 'The numbers that stand for the categories.',
    type: onCategorical(UINT32),
    lower: apply({ Categorical: 'Physical' }),
  }),
  ofCategory('len_bytes', {
    summary: 'Number of bytes in UTF-8.',
    type: onCategorical(UINT32),
    lower: apply({ Categorical: 'LenBytes' }),
  }),
  ofCategory('len_chars', {
    summary: 'Number of characters.',
    type: onCategorical(UINT32),
    lower: apply({ Categorical: 'LenChars' }),
  }),
  ofCategory('starts_with', {
    summary: 'Whether the text starts with a prefix.',
    parameters: [text('prefix')],
    type: onCategorical(BOOLEAN),
    lower: ({ receiver, text: of }) =>
      func([receiver], { Categorical: { StartsWith: of('prefix') } }),
  }),
  ofCategory('ends_with', {
    summary: 'Whether the text ends with a suffix.',
    parameters: [text('suffix')],
    type: onCategorical(BOOLEAN),
    lower: ({ receiver, text: of }) =>
      func([receiver], { Categorical: { EndsWith: of('suffix') } }),
  }),
  ofCategory('slice', {
    summary: 'Characters from an offset on.',
    parameters: [integer('offset'), nullable(integer('length'))],
    type: onCategorical(STRING),
    lower: ({ receiver, integer: of, isNull }) =>
      func([receiver], {
        Categorical: { Slice: [of('offset'), isNull('length') ? null : of('length')] },
      }),
  }),
  ofCategory('to', {
    summary: 'Numbers as the categories that they stand for.',
    parameters: [{ name: 'dtype', accepts: 'type' }, keyword(flag('strict', true))],
    type: ({ type }) => type('dtype') ?? UNKNOWN,
    lower: ({ receiver, type, flag: of }) =>
      func([receiver], {
        Categorical: { To: [{ Literal: dataTypeJson(type('dtype')) }, of('strict')] },
      }),
  }),
];

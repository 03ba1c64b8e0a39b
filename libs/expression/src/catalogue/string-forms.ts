import {
  alias,
  cast,
  func,
  integerLiteral,
  stringLiteral,
  ternary,
  binary,
} from '../lower/shapes.ts';
import { dataTypeJson } from '../lower/data-type-json.ts';
import { BOOLEAN, INT64, STRING, UNKNOWN } from '../types/kinds.ts';
import {
  choice,
  columns,
  flag,
  integer,
  keyword,
  many,
  nullable,
  optional,
  text,
  value,
} from './parameters.ts';
import { aggregate, apply, elementwise, type Row } from './rows.ts';
import type { Entry } from './signature.ts';
import { onString } from './type-rules.ts';

/** Text in other forms: parsed, taken apart, put together. */
const string = (name: string, row: Row): Entry => elementwise(`str.${name}`, row);

const escapePattern = (part: string): string => part.replaceAll(/[\\.+*?()|[\]{}^$#&~-]/g, '\\$&');

/** `{}` in a format stands for the next argument. */
const HOLE = '{}';

const fieldNames = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `field_${index}`);

export const STRING_FORMS: readonly Entry[] = [
  string('contains_any', {
    summary: 'Whether one of several texts occurs.',
    parameters: [many(text('patterns')), keyword(flag('ascii_case_insensitive', false))],
    type: onString(BOOLEAN),
    rewrittenAs: '.str.contains with all texts in one pattern',
    lower: ({ receiver, texts, flag: of }) => {
      const flags = of('ascii_case_insensitive') ? '(?i-u)' : '';
      const pattern = `${flags}(?:${texts('patterns').map(escapePattern).join('|')})`;
      return func([receiver, stringLiteral(pattern)], {
        StringExpr: { Contains: { literal: false, strict: true } },
      });
    },
  }),
  string('escape_regex', {
    summary: 'With everything escaped that is special in a pattern.',
    type: onString(STRING),
    lower: apply({ StringExpr: 'EscapeRegex' }),
  }),
  string('normalize', {
    summary: 'In a normal form of Unicode.',
    parameters: [choice('form', ['NFC', 'NFKC', 'NFD', 'NFKD'], 'NFC')],
    type: onString(STRING),
    lower: ({ receiver, text: of }) =>
      func([receiver], { StringExpr: { Normalize: { form: of('form') } } }),
  }),
  string('json_decode', {
    summary: 'Reads JSON as values of a type.',
    parameters: [
      { name: 'dtype', accepts: 'type' },
      keyword(nullable(integer('infer_schema_length'))),
    ],
    type: (call) => onString(call.type('dtype') ?? UNKNOWN)(call),
    lower: ({ receiver, type }) =>
      func([receiver], { StringExpr: { JsonDecode: { Literal: dataTypeJson(type('dtype')) } } }),
  }),
  string('split_exact', {
    summary: 'The first `n` + 1 parts between a separator, as a struct.',
    parameters: [value('by'), integer('n'), keyword(flag('inclusive', false))],
    type: (call) => {
      const count = call.constant('n');
      if (count?.kind !== 'integer') return UNKNOWN;
      const fields = fieldNames(Number(count.value) + 1).map((name) => ({ name, type: STRING }));
      return onString({ kind: 'struct', fields })(call);
    },
    lower: ({ operands, integer: of, flag: is }) =>
      func(operands, { StringExpr: { SplitExact: { n: of('n'), inclusive: is('inclusive') } } }),
  }),
  string('splitn', {
    summary: 'At most `n` parts between a separator, as a struct; the last holds the rest.',
    parameters: [value('by'), integer('n')],
    type: (call) => {
      const count = call.constant('n');
      if (count?.kind !== 'integer') return UNKNOWN;
      const fields = fieldNames(Number(count.value)).map((name) => ({ name, type: STRING }));
      return onString({ kind: 'struct', fields })(call);
    },
    lower: ({ operands, integer: of }) => func(operands, { StringExpr: { SplitN: of('n') } }),
  }),
  string('strptime', {
    summary: 'Reads dates, times or points in time in a format.',
    parameters: [
      { name: 'dtype', accepts: 'type' },
      nullable(text('format')),
      keyword(flag('strict', true)),
      keyword(flag('exact', true)),
      keyword(flag('cache', true)),
      keyword(choice('ambiguous', ['raise', 'earliest', 'latest', 'null'], 'raise')),
    ],
    type: (call) => {
      const [type, format] = [call.type('dtype'), call.constant('format')];
      const hasOffset = format?.kind !== 'string' || /%(z|:z|#z|\+)/.test(format.value);
      const isOpen = type?.kind === 'datetime' && type.timezone === null && hasOffset;
      return onString(isOpen ? UNKNOWN : (type ?? UNKNOWN))(call);
    },
    lower: ({ receiver, type, isNull, text: of, flag: is }) =>
      func([receiver, stringLiteral(of('ambiguous'))], {
        StringExpr: {
          Strptime: [
            { Literal: dataTypeJson(type('dtype')) },
            {
              format: isNull('format') ? null : of('format'),
              strict: is('strict'),
              exact: is('exact'),
              cache: is('cache'),
            },
          ],
        },
      }),
  }),
  string('to_decimal', {
    summary: 'Reads decimals with a number of digits after the point.',
    parameters: [keyword(integer('scale'))],
    type: (call) => {
      const scale = call.constant('scale');
      if (scale?.kind !== 'integer') return UNKNOWN;
      return onString({ kind: 'decimal', precision: 38, scale: Number(scale.value) })(call);
    },
    lower: ({ receiver, integer: of }) =>
      func([receiver], { StringExpr: { ToDecimal: { scale: of('scale') } } }),
  }),
  string('to_integer', {
    summary: 'Reads decimal integers.',
    parameters: [
      keyword(integer('base', 10)),
      keyword(optional({ name: 'dtype', accepts: 'type' })),
      keyword(flag('strict', true)),
    ],
    type: (call) => {
      const base = call.constant('base');
      if (base?.kind === 'integer' && base.value !== '10') {
        return { problem: '`str.to_integer` reads base 10 only', hint: 'leave out `base`' };
      }
      return onString(call.type('dtype') ?? INT64)(call);
    },
    rewrittenAs: '.cast(pl.Int64)',
    lower: ({ receiver, typeOrNull, flag: of }) =>
      cast(receiver, typeOrNull('dtype') ?? INT64, of('strict')),
  }),
  aggregate('str.concat', {
    summary: 'All values as one text; the old name of str.join.',
    parameters: [text('delimiter', ''), keyword(flag('ignore_nulls', true))],
    type: onString(STRING),
    lower: ({ receiver, text: of, flag: is }) =>
      func([receiver], {
        StringExpr: {
          ConcatVertical: { delimiter: of('delimiter'), ignore_nulls: is('ignore_nulls') },
        },
      }),
  }),
  elementwise('str.explode', {
    summary: 'One row for each character.',
    shape: 'resize',
    type: onString(STRING),
    lower: ({ receiver }) => {
      const length = func([receiver], { StringExpr: 'LenBytes' });
      const hasAny = binary(length, 'NotEqValidity', integerLiteral(0));
      const characters = func([receiver, stringLiteral('')], { StringExpr: { Split: false } });
      const blank = func([stringLiteral('')], { ListExpr: 'Concat' });
      return {
        Explode: {
          input: ternary(hasAny, characters, blank),
          options: { empty_as_null: true, keep_nulls: true },
        },
      };
    },
  }),
  elementwise('pl.format', {
    summary: 'Text with values in the places of `{}`.',
    parameters: [text('f_string'), { ...columns('args'), isOptional: true }],
    type: ({ constant, operands }) => {
      const format = constant('f_string');
      const holes = format?.kind === 'string' ? format.value.split(HOLE).length - 1 : null;
      if (holes === null || holes === operands.length) return STRING;
      return {
        problem: `the format has ${holes} places {} for ${operands.length} values`,
        hint: 'write {} once for each value',
      };
    },
    lower: ({ operands, text: of }) => {
      const pieces = of('f_string').split(HOLE);
      let at = 0;
      const insertions = pieces
        .slice(0, -1)
        .map((piece) => (at += new TextEncoder().encode(piece).length));
      const format = pieces.join('');
      return operands.length === 0
        ? alias(stringLiteral(format), 'literal')
        : func(operands, { StringExpr: { Format: { format, insertions } } });
    },
  }),
];

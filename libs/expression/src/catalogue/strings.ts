import { func, stringLiteral } from '../lower/shapes.ts';
import { timezoneJson, unitJson } from '../lower/data-type-json.ts';
import type { TimeUnit } from '../data-type.ts';
import { BOOLEAN, DATE, STRING, TIME, UINT32, datetime, list, UNKNOWN } from '../types/kinds.ts';
import { choice, flag, integer, keyword, nullable, text, value } from './parameters.ts';
import { aggregate, apply, elementwise, type Row } from './rows.ts';
import type { Entry, LowerCall } from './signature.ts';
import { onString } from './type-rules.ts';

const string = (name: string, row: Row): Entry => elementwise(`str.${name}`, row);
/** A function from text to text without choices. */
const simple = (name: string, polars: string, summary: string): Entry =>
  string(name, { summary, type: onString(STRING), lower: apply({ StringExpr: polars }) });
const strip = (name: string, polars: string, summary: string): Entry =>
  string(name, {
    summary,
    parameters: [{ ...value('characters'), fallback: { kind: 'null' } }],
    type: onString(STRING),
    lower: apply({ StringExpr: polars }),
  });
const pad = (name: string, polars: string, summary: string): Entry =>
  string(name, {
    summary,
    parameters: [value('length'), text('fill_char', ' ')],
    type: onString(STRING),
    lower: ({ operands, text: of }) =>
      func(operands, { StringExpr: { [polars]: { fill_char: of('fill_char') } } }),
  });

const UNITS: readonly TimeUnit[] = ['ms', 'us', 'ns'];
const PARSING = [
  keyword(flag('strict', true)),
  keyword(flag('exact', true)),
  keyword(flag('cache', true)),
];

const parse = (
  { receiver, isNull, text: of, flag: is }: LowerCall,
  dtype: Parameters<typeof func>[1],
) =>
  func([receiver, stringLiteral('raise')], {
    StringExpr: {
      Strptime: [
        { Literal: dtype },
        {
          format: isNull('format') ? null : of('format'),
          strict: is('strict'),
          exact: is('exact'),
          cache: is('cache'),
        },
      ],
    },
  });

export const STRINGS: readonly Entry[] = [
  simple('to_uppercase', 'Uppercase', 'In upper case.'),
  simple('to_lowercase', 'Lowercase', 'In lower case.'),
  simple('to_titlecase', 'Titlecase', 'With each word in title case.'),
  simple('reverse', 'Reverse', 'Characters in reverse order.'),
  strip('strip_chars', 'StripChars', 'Without the given characters (or white space) at both ends.'),
  strip(
    'strip_chars_start',
    'StripCharsStart',
    'Without the given characters (or white space) at the start.',
  ),
  strip(
    'strip_chars_end',
    'StripCharsEnd',
    'Without the given characters (or white space) at the end.',
  ),
  string('strip_prefix', {
    summary: 'Without the prefix.',
    parameters: [value('prefix')],
    type: onString(STRING),
    lower: apply({ StringExpr: 'StripPrefix' }),
  }),
  string('strip_suffix', {
    summary: 'Without the suffix.',
    parameters: [value('suffix')],
    type: onString(STRING),
    lower: apply({ StringExpr: 'StripSuffix' }),
  }),
  string('len_chars', {
    summary: 'Number of characters.',
    type: onString(UINT32),
    lower: apply({ StringExpr: 'LenChars' }),
  }),
  string('len_bytes', {
    summary: 'Number of bytes in UTF-8.',
    type: onString(UINT32),
    lower: apply({ StringExpr: 'LenBytes' }),
  }),
  string('contains', {
    summary: 'Whether a pattern occurs.',
    parameters: [value('pattern'), keyword(flag('literal', false)), keyword(flag('strict', true))],
    type: onString(BOOLEAN),
    lower: ({ operands, flag: of }) =>
      func(operands, {
        StringExpr: { Contains: { literal: of('literal'), strict: of('strict') } },
      }),
  }),
  string('starts_with', {
    summary: 'Whether the text starts with a prefix.',
    parameters: [value('prefix')],
    type: onString(BOOLEAN),
    lower: apply({ StringExpr: 'StartsWith' }),
  }),
  string('ends_with', {
    summary: 'Whether the text ends with a suffix.',
    parameters: [value('suffix')],
    type: onString(BOOLEAN),
    lower: apply({ StringExpr: 'EndsWith' }),
  }),
  string('find', {
    summary: 'Byte offset of the first occurrence of a pattern.',
    parameters: [value('pattern'), keyword(flag('literal', false)), keyword(flag('strict', true))],
    type: onString(UINT32),
    lower: ({ operands, flag: of }) =>
      func(operands, { StringExpr: { Find: { literal: of('literal'), strict: of('strict') } } }),
  }),
  string('count_matches', {
    summary: 'Number of occurrences of a pattern.',
    parameters: [value('pattern'), keyword(flag('literal', false))],
    type: onString(UINT32),
    lower: ({ operands, flag: of }) =>
      func(operands, { StringExpr: { CountMatches: of('literal') } }),
  }),
  string('replace', {
    summary: 'Replaces the first `n` occurrences of a pattern.',
    parameters: [
      value('pattern'),
      value('value'),
      keyword(flag('literal', false)),
      keyword(integer('n', 1)),
    ],
    type: onString(STRING),
    lower: ({ operands, flag: of, integer: count }) =>
      func(operands, { StringExpr: { Replace: { n: count('n'), literal: of('literal') } } }),
  }),
  string('replace_all', {
    summary: 'Replaces all occurrences of a pattern.',
    parameters: [value('pattern'), value('value'), keyword(flag('literal', false))],
    type: onString(STRING),
    lower: ({ operands, flag: of }) =>
      func(operands, { StringExpr: { Replace: { n: -1, literal: of('literal') } } }),
  }),
  string('slice', {
    summary: 'Characters from an offset on.',
    parameters: [value('offset'), { ...value('length'), fallback: { kind: 'null' } }],
    type: onString(STRING),
    lower: apply({ StringExpr: 'Slice' }),
  }),
  string('head', {
    summary: 'The first characters.',
    parameters: [value('n')],
    type: onString(STRING),
    lower: apply({ StringExpr: 'Head' }),
  }),
  string('tail', {
    summary: 'The last characters.',
    parameters: [value('n')],
    type: onString(STRING),
    lower: apply({ StringExpr: 'Tail' }),
  }),
  string('zfill', {
    summary: 'Padded with zeros.',
    parameters: [value('length')],
    type: onString(STRING),
    lower: apply({ StringExpr: 'ZFill' }),
  }),
  pad('pad_start', 'PadStart', 'Padded at the start to a length.'),
  pad('pad_end', 'PadEnd', 'Padded at the end to a length.'),
  string('split', {
    summary: 'Parts between a separator, as a list.',
    parameters: [
      value('by'),
      keyword(flag('inclusive', false)),
      keyword(flag('literal', true)),
      keyword(flag('strict', true)),
    ],
    type: onString(list(STRING)),
    lower: ({ operands, flag: of }) =>
      func(operands, {
        StringExpr: of('literal')
          ? { Split: of('inclusive') }
          : { SplitRegex: { inclusive: of('inclusive'), strict: of('strict') } },
      }),
  }),
  string('extract', {
    summary: 'The part that a group of a pattern matches.',
    parameters: [value('pattern'), integer('group_index', 1)],
    type: onString(STRING),
    lower: ({ operands, integer: of }) =>
      func(operands, { StringExpr: { Extract: of('group_index') } }),
  }),
  string('extract_all', {
    summary: 'All parts that match a pattern, as a list.',
    parameters: [value('pattern')],
    type: onString(list(STRING)),
    lower: apply({ StringExpr: 'ExtractAll' }),
  }),
  string('to_date', {
    summary: 'Reads dates.',
    parameters: [nullable(text('format')), ...PARSING],
    type: onString(DATE),
    lower: (call) => parse(call, 'Date'),
  }),
  string('to_time', {
    summary: 'Reads times of day.',
    parameters: [nullable(text('format')), ...PARSING.filter(({ name }) => name !== 'exact')],
    type: onString(TIME),
    lower: (call) =>
      parse({ ...call, flag: (name) => name === 'exact' || call.flag(name) }, 'Time'),
  }),
  string('to_datetime', {
    summary: 'Reads points in time.',
    parameters: [
      nullable(text('format')),
      keyword(choice('time_unit', UNITS, 'us')),
      keyword(nullable(text('time_zone'))),
      ...PARSING,
    ],
    type: (call) => {
      const [unit, zone] = [call.constant('time_unit'), call.constant('time_zone')];
      const of = UNITS.find((known) => unit?.kind === 'string' && unit.value === known);
      if (of === undefined || zone === undefined) return UNKNOWN;
      // Without a zone the offset in the format decides.
      const format = call.constant('format');
      const hasOffset = format?.kind !== 'string' || /%(z|:z|#z|\+)/.test(format.value);
      if (zone.kind === 'null' && hasOffset) return UNKNOWN;
      return onString(datetime(of, zone.kind === 'string' ? zone.value : null))(call);
    },
    lower: (call) => {
      const unit = UNITS.find((known) => known === call.text('time_unit')) ?? 'us';
      const zone = call.isNull('time_zone') ? null : call.text('time_zone');
      return parse(call, { Datetime: [unitJson(unit), timezoneJson(zone)] });
    },
  }),
  aggregate('str.join', {
    summary: 'All values as one text.',
    parameters: [text('delimiter', ''), keyword(flag('ignore_nulls', true))],
    type: onString(STRING),
    lower: ({ receiver, text: of, flag: is }) =>
      func([receiver], {
        StringExpr: {
          ConcatVertical: { delimiter: of('delimiter'), ignore_nulls: is('ignore_nulls') },
        },
      }),
  }),
  string('json_path_match', {
    summary: 'The first match of a JSON path, as text.',
    parameters: [value('json_path')],
    type: onString(STRING),
    lower: apply({ StringExpr: 'JsonPathMatch' }),
  }),
];

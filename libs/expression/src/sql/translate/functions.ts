/**
 * The functions of Polars' SQL in terms of Polars, by the number of their arguments: data, from which documentation is
 * made, too. `n` takes any number; `literals` are the arguments that must be literals, from 1.
 */
export type SqlFunction = {
  readonly templates: Readonly<Record<string, string>>;
  readonly literals?: readonly number[];
  /** In which group the documentation lists it. */
  readonly group: FunctionGroup;
};

export type FunctionGroup =
  | 'numbers'
  | 'texts'
  | 'times'
  | 'conditions'
  | 'lists'
  | 'aggregates'
  | 'windows';

type Templates = readonly [names: string, ...templates: readonly string[]];

/** The number of arguments is that of the places in the template. */
const of = (
  group: FunctionGroup,
  rows: readonly Templates[],
  literals?: readonly number[],
): readonly (readonly [string, SqlFunction])[] =>
  rows.flatMap(([names, ...templates]) => {
    const byCount = Object.fromEntries(templates.map((each) => [countOf(each), each]));
    const entry = { templates: byCount, group, ...(literals === undefined ? {} : { literals }) };
    return names.split(' ').map((name) => [name, entry] as const);
  });

function countOf(template: string): string {
  if (/_all|_rest/.test(template)) return 'n';
  return String(Math.max(0, ...[...template.matchAll(/_(\d)/g)].map(([, place]) => Number(place))));
}

const plain = (names: string): readonly Templates[] =>
  names.split(' ').map((name) => [name, `_1.${name}()`] as const);

const trigonometry: readonly Templates[] = [
  ...plain('sin cos tan cot degrees radians'),
  ...['sin', 'cos', 'tan', 'cot'].map((name) => [`${name}d`, `_1.radians().${name}()`] as const),
  ...['sin', 'cos', 'tan'].flatMap((name) => [
    [`a${name}`, `_1.arc${name}()`] as const,
    [`a${name}d`, `_1.arc${name}().degrees()`] as const,
  ]),
];

const TAKEN_FROM_END = '_1.str.len_chars().cast(pl.Int32, strict=False) - _2';

export const SQL_FUNCTIONS: ReadonlyMap<string, SqlFunction> = new Map([
  ...of('numbers', [
    ...plain('abs cbrt ceil exp floor log10 log1p sign sqrt'),
    ['ceiling', '_1.ceil()'],
    ['ln', '_1.log()'],
    ['log2', '_1.log(2.0)'],
    ['div', '(_1 // _2).cast(pl.Int64, strict=False)'],
    ['mod', '_1 % _2'],
    ['pow power', '_1 ** _2'],
    ['atan2', 'pl.arctan2(_1, _2)'],
    ['bit_and bitand', '_1 & _2'],
    ['bit_or bitor', '_1 | _2'],
    ['bit_xor bitxor', '_1 ^ _2'],
    ['bit_not bitnot', '~_1'],
    ['bit_count bitcount', '_1.bitwise_count_ones()'],
    ...trigonometry,
  ]),
  ...of(
    'numbers',
    [
      ['round', '_1.round()', '_1.round(_2)'],
      ['trunc truncate', '_1.truncate()', '_1.truncate(_2)'],
      ['log', '_1.log(_2)'],
    ],
    [2],
  ),
  ...of('conditions', [
    ['coalesce', 'pl.coalesce(_all)'],
    ['greatest', 'pl.max_horizontal(_all)'],
    ['least', 'pl.min_horizontal(_all)'],
    ['if', 'pl.when(_1).then(_2).otherwise(_3)'],
    ['ifnull', 'pl.coalesce(_1, _2)'],
    ['nullif', 'pl.when(_1 == _2).then(None).otherwise(_1)'],
  ]),
  ...of('texts', [
    ['bit_length', '_1.str.len_bytes() * 8'],
    ['concat', 'pl.concat_str(_all, separator="", ignore_nulls=True)'],
    ['ends_with', '_1.str.ends_with(_2)'],
    ['starts_with', '_1.str.starts_with(_2)'],
    ['length char_length character_length', '_1.str.len_chars()'],
    ['octet_length', '_1.str.len_bytes()'],
    ['lower', '_1.str.to_lowercase()'],
    ['upper', '_1.str.to_uppercase()'],
    ['reverse', '_1.str.reverse()'],
    ['normalize', '_1.str.normalize("NFC")'],
    ['replace', '_1.str.replace_all(_2, _3, literal=True)'],
    [
      'strpos',
      '(_1.str.find(_2, literal=True) + pl.lit(1, dtype=pl.UInt32)).fill_null(pl.lit(0, dtype=pl.UInt32))',
    ],
    ['string_to_array', '_1.str.split(_2)'],
    ['trim', '_1.str.strip_chars()', '_1.str.strip_chars(_2)'],
    ['ltrim', '_1.str.strip_chars_start()', '_1.str.strip_chars_start(_2)'],
    ['rtrim', '_1.str.strip_chars_end()', '_1.str.strip_chars_end(_2)'],
    [
      'left',
      'pl.when(_2 >= 0).then(_1.str.slice(0, _2.abs())).otherwise(_1.str.slice(0, (_1.str.len_chars() + _2).clip(0)))',
    ],
    [
      'right',
      `pl.when(_2 < 0).then(_1.str.slice(_2.abs())).otherwise(_1.str.slice(${TAKEN_FROM_END}))`,
    ],
    ['regexp_like', '_1.str.contains(_2)'],
  ]),
  ...of('texts', [['concat_ws', 'pl.concat_str(_rest, separator=_1, ignore_nulls=True)']], [1]),
  ...of(
    'texts',
    [
      [
        'lpad',
        '_1.str.pad_start(_2, " ").str.slice(0, _2)',
        '_1.str.pad_start(_2, _3).str.slice(0, _2)',
      ],
      [
        'rpad',
        '_1.str.pad_end(_2, " ").str.slice(0, _2)',
        '_1.str.pad_end(_2, _3).str.slice(0, _2)',
      ],
    ],
    [2, 3],
  ),
  ...of(
    'times',
    [
      ['date', '_1.str.to_date()', '_1.str.to_date(_2)'],
      ['timestamp datetime', '_1.str.to_datetime()', '_1.str.to_datetime(_2)'],
      ['time', '_1.str.to_time()', '_1.str.to_time(_2)'],
      ['strftime', '_1.dt.strftime(_2)'],
      ['strptime', '_1.str.strptime(pl.Datetime("us"), _2)'],
    ],
    [2],
  ),
  ...of('lists', [
    ['array_contains', '_1.list.contains(_2)'],
    ['array_length', '_1.list.len()'],
    ['array_lower', '_1.list.min()'],
    ['array_upper', '_1.list.max()'],
    ['array_mean', '_1.list.mean()'],
    ['array_sum', '_1.list.sum()'],
    ['array_reverse', '_1.list.eval(pl.element().reverse())'],
    ['array_unique', '_1.list.eval(pl.element().unique(maintain_order=True))'],
    [
      'array_to_string',
      '_1.cast(pl.List(pl.String), strict=False).list.join(_2, ignore_nulls=True)',
    ],
  ]),
  ...of('aggregates', [
    ...plain('first last min max median'),
    ['avg', '_1.mean()'],
    [
      'corr',
      'pl.when((_1.is_not_null() & _2.is_not_null()).any()).then(pl.corr(_1, _2)).otherwise(None)',
    ],
    ['covar_pop', 'pl.cov(_1, _2, ddof=0)'],
    ['covar_samp covar', 'pl.cov(_1, _2, ddof=1)'],
    ['stdev stddev stdev_samp stddev_samp', '_1.std()'],
    ['var variance var_samp', '_1.var()'],
    ['sum', 'pl.when(_1.null_count() < _1.len()).then(_1.sum()).otherwise(None)'],
    ['total', '_1.sum()'],
  ]),
  ...of(
    'aggregates',
    [
      ['quantile_cont', '_1.quantile(_2, "linear")'],
      ['quantile_disc', '_1.quantile(_2, "equiprobable")'],
    ],
    [2],
  ),
  ...of('windows', [['first_value', '_1.first()']]),
]);

/** Functions with more to them than a template. */
export const SPECIAL_FUNCTIONS: Readonly<Record<string, FunctionGroup>> = {
  count: 'aggregates',
  array_agg: 'aggregates',
  string_agg: 'aggregates',
  listagg: 'aggregates',
  group_concat: 'aggregates',
  substr: 'texts',
  substring: 'texts',
  split_part: 'texts',
  date_part: 'times',
  array_get: 'lists',
  row_number: 'windows',
  rank: 'windows',
  dense_rank: 'windows',
  lag: 'windows',
  lead: 'windows',
  last_value: 'windows',
};

/** Polars' SQL has them, and they run; what they give is not followed. */
export const UNFOLLOWED_FUNCTIONS: ReadonlySet<string> = new Set([
  'pi',
  'atan2d',
  'unnest',
  'columns',
  'initcap',
]);

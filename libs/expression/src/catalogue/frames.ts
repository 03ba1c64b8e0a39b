import {
  choice,
  column,
  columns,
  flag,
  integer,
  interval,
  keyword,
  many,
  nullable,
  optional,
  text,
} from './parameters.ts';
import type { FrameEntry, Parameter } from './signature.ts';

const names = (name: string): Parameter => ({ name, accepts: 'names', isMany: true });
const variadicNames = (name: string): Parameter => ({ ...names(name), isVariadic: true });
const namedColumns = (name: string): Parameter => ({ ...columns(name), isNamed: true });
const name = (of: string): Parameter => ({ name: of, accepts: 'names' });
/** Columns by name or by a selector. */
const choices = (of: string): Parameter => ({
  name: of,
  accepts: 'choices',
  isMany: true,
  isVariadic: true,
});
const frame = (name: string): Parameter => ({ name, accepts: 'frames' });

const row = (name: string, summary: string, parameters: readonly Parameter[]): FrameEntry => ({
  name,
  summary,
  parameters,
});

const JOIN_KINDS = ['inner', 'left', 'right', 'full', 'semi', 'anti', 'cross', 'outer'];
const KEEP = ['any', 'none', 'first', 'last'];
const ORDER = [keyword(many(flag('descending', false))), keyword(many(flag('nulls_last', false)))];
const MAINTAIN_ORDER = keyword(flag('maintain_order', false));
const FILL_STRATEGIES = ['forward', 'backward', 'min', 'max', 'mean', 'zero', 'one'];
const CONCAT_KINDS = [
  'vertical',
  'vertical_relaxed',
  'diagonal',
  'diagonal_relaxed',
  'horizontal',
] as const;
const ROW_ORDERS = ['none', 'left', 'right', 'left_right', 'right_left'];

const CLOSED = ['left', 'right', 'both', 'none'];
const STARTS = [
  'window',
  'datapoint',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
];
/** Options that change how fast it is and not what comes out. */
const HOW_IT_RUNS = [
  keyword(flag('allow_parallel', true)),
  keyword(flag('force_parallel', false)),
  keyword(nullable(text('build_side'))),
];

/** The methods of frames. What each does to schemas and lineage is in `analyse/`, how it runs in `lower/`. */
export const FRAME_METHODS: readonly FrameEntry[] = [
  row('filter', 'Rows for which all predicates hold.', [
    { ...columns('predicates'), isConstraint: true },
  ]),
  row('select', 'These columns.', [{ ...namedColumns('exprs'), isOptional: true }]),
  row('with_columns', 'All columns, with these added or replaced.', [
    { ...namedColumns('exprs'), isOptional: true },
  ]),
  row('group_by', 'Groups of rows; needs .agg(...).', [namedColumns('by'), MAINTAIN_ORDER]),
  row('join', 'Rows of two frames side by side where keys match.', [
    frame('other'),
    optional(many(column('on'))),
    choice('how', JOIN_KINDS, 'inner'),
    keyword(optional(many(column('left_on')))),
    keyword(optional(many(column('right_on')))),
    keyword(text('suffix', '_right')),
    keyword(flag('nulls_equal', false)),
    keyword(nullable({ name: 'coalesce', accepts: 'boolean' })),
    keyword(nullable(choice('maintain_order', ROW_ORDERS))),
    keyword(choice('validate', ['m:m', '1:1', '1:m', 'm:1'], 'm:m')),
    ...HOW_IT_RUNS,
  ]),
  row('join_where', 'Rows of two frames side by side for which all predicates hold.', [
    frame('other'),
    columns('predicates'),
    keyword({ ...choice('how', ['inner'], 'inner') }),
    keyword(text('suffix', '_right')),
  ]),
  row(
    'join_asof',
    'Each row of the left beside the nearest row of the right. Both are in order of the key.',
    [
      frame('other'),
      keyword(optional(name('left_on'))),
      keyword(optional(name('right_on'))),
      keyword(optional(name('on'))),
      keyword(optional(names('by_left'))),
      keyword(optional(names('by_right'))),
      keyword(optional(names('by'))),
      keyword(choice('strategy', ['backward', 'forward', 'nearest'], 'backward')),
      keyword(text('suffix', '_right')),
      keyword(nullable({ name: 'tolerance', accepts: 'tolerance' })),
      keyword(flag('coalesce', true)),
      keyword(flag('allow_exact_matches', true)),
      keyword(flag('check_sortedness', true)),
      ...HOW_IT_RUNS,
    ],
  ),
  row(
    'group_by_dynamic',
    'Groups of rows by windows of an index that is in order; needs .agg(...).',
    [
      name('index_column'),
      keyword(interval('every')),
      keyword(nullable(interval('period'))),
      keyword(nullable(interval('offset'))),
      keyword(flag('include_boundaries', false)),
      keyword(choice('closed', CLOSED, 'left')),
      keyword(choice('label', ['left', 'right', 'datapoint'], 'left')),
      keyword(optional(names('group_by'))),
      keyword(choice('start_by', STARTS, 'window')),
    ],
  ),
  row(
    'rolling',
    'A group for each row: the rows before it in an index that is in order; needs .agg(...).',
    [
      name('index_column'),
      keyword(interval('period')),
      keyword(nullable(interval('offset'))),
      keyword(choice('closed', CLOSED, 'right')),
      keyword(optional(names('group_by'))),
    ],
  ),
  row('sort', 'Rows in order.', [
    columns('by'),
    ...ORDER,
    MAINTAIN_ORDER,
    keyword(flag('multithreaded', true)),
  ]),
  row('top_k', 'The k rows that are largest.', [
    integer('k'),
    keyword(many(column('by'))),
    keyword(many(flag('reverse', false))),
  ]),
  row('bottom_k', 'The k rows that are smallest.', [
    integer('k'),
    keyword(many(column('by'))),
    keyword(many(flag('reverse', false))),
  ]),
  row('unique', 'Each different row once.', [
    optional(names('subset')),
    keyword(choice('keep', KEEP, 'any')),
    MAINTAIN_ORDER,
  ]),
  row('head', 'The first rows.', [integer('n', 5)]),
  row('limit', 'The first rows.', [integer('n', 5)]),
  row('tail', 'The last rows.', [integer('n', 5)]),
  row('slice', 'Rows from an offset on.', [integer('offset'), nullable(integer('length'))]),
  row('reverse', 'Rows in reverse order.', []),
  row('rename', 'Other names for columns.', [{ name: 'mapping', accepts: 'renames' }]),
  row('drop', 'Without these columns.', [choices('columns'), keyword(flag('strict', true))]),
  row('cast', 'Other types for columns.', [
    { name: 'dtypes', accepts: 'types' },
    keyword(flag('strict', true)),
  ]),
  row('explode', 'One row for each member of a list.', [variadicNames('columns')]),
  row('unnest', 'The fields of structs as columns in their place.', [variadicNames('columns')]),
  row('unpivot', 'Columns turned into rows.', [
    optional(names('on')),
    keyword(optional(names('index'))),
    keyword(nullable(text('variable_name'))),
    keyword(nullable(text('value_name'))),
  ]),
  row('with_row_index', 'A first column that numbers the rows.', [
    text('name', 'index'),
    integer('offset', 0),
  ]),
  row('fill_null', 'Replaces nulls in all columns of a fitting type.', [
    optional({ name: 'value', accepts: 'value' }),
    nullable(choice('strategy', FILL_STRATEGIES)),
    nullable(integer('limit')),
    keyword({ ...flag('matches_supertype', true), isOnlyFallback: true }),
  ]),
  row('drop_nulls', 'Rows without nulls.', [optional({ ...choices('subset'), isVariadic: false })]),
  row('concat', 'pl.concat: rows of several frames under each other.', [
    { ...frame('items'), isMany: true },
    keyword(choice('how', CONCAT_KINDS, 'vertical')),
    keyword(flag('rechunk', false)),
    keyword(flag('parallel', true)),
    keyword(nullable(flag('strict', false))),
  ]),
];

/** What may stand between a grouping and its aggregations. */
export const HAVING_PARAMETERS: readonly Parameter[] = [columns('having')];

export const AGGREGATION_PARAMETERS: readonly Parameter[] = [
  { ...namedColumns('aggs'), isOptional: true },
];

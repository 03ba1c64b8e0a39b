import {
  choice,
  column,
  columns,
  flag,
  integer,
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

/** The methods of frames. What each does to schemas and lineage is in `analyse/`, how it runs in `lower/`. */
export const FRAME_METHODS: readonly FrameEntry[] = [
  row('filter', 'Rows for which all predicates hold.', [columns('predicates')]),
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
  ]),
  row('sort', 'Rows in order.', [columns('by'), ...ORDER, MAINTAIN_ORDER]),
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
  row('drop', 'Without these columns.', [variadicNames('columns')]),
  row('cast', 'Other types for columns.', [
    { name: 'dtypes', accepts: 'types' },
    keyword(flag('strict', true)),
  ]),
  row('explode', 'One row for each member of a list.', [variadicNames('columns')]),
  row('unpivot', 'Columns turned into rows.', [
    names('on'),
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
  ]),
  row('drop_nulls', 'Rows without nulls.', [optional(names('subset'))]),
  row('concat', 'pl.concat: rows of several frames under each other.', [
    { ...frame('items'), isMany: true },
    keyword(choice('how', CONCAT_KINDS, 'vertical')),
  ]),
];

export const AGGREGATION_PARAMETERS: readonly Parameter[] = [
  { ...namedColumns('aggs'), isOptional: true },
];

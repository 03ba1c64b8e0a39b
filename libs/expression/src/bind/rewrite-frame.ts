import { snakeCase } from '../catalogue/catalogue.ts';
import type { Span } from '../problems.ts';
import type { CallSyntax, KeywordSyntax, Syntax } from '../syntax/syntax.ts';

/**
 * Methods of frames that are short for others: written out, they need no types, lineage and execution of their own.
 * Every piece keeps the place of what the user wrote, so that errors point there.
 */
type Callee = Extract<Syntax, { kind: 'attribute' }>;
type Written = { readonly call: CallSyntax; readonly callee: Callee };
type Rewrite = (written: Written) => Syntax;

/** The frame written out, or null when the method stands for itself. */
export function rewriteFrame(call: CallSyntax, callee: Callee): Syntax | null {
  const name = snakeCase(callee.name);
  const rewrite = Object.hasOwn(REWRITES, name) ? REWRITES[name] : undefined;
  return rewrite?.({ call, callee }) ?? null;
}

/** What the methods are written out as, for the reference of the language. */
export const FRAME_REWRITES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['sum', 'mean', 'median', 'min', 'max', 'std', 'var', 'quantile', 'count', 'null_count'].map(
      (name) => [name, `.select(pl.all().${name}(...))`],
    ),
  ),
  approx_n_unique: '.select(pl.all().n_unique())',
  interpolate: '.select(pl.all().interpolate())',
  shift: '.select(pl.all().shift(...))',
  gather_every: '.select(pl.all().gather_every(...))',
  first: '.head(1)',
  last: '.tail(1)',
  clear: '.head(0)',
  drop_nans: '.filter(pl.all_horizontal(cs.float().is_not_nan().fill_null(True)))',
  fill_nan: '.with_columns(cs.float().fill_nan(...))',
  remove: '.filter(~pl.all_horizontal(...).fill_null(False))',
  select_seq: '.select(...)',
  with_columns_seq: '.with_columns(...)',
  melt: '.unpivot(on=..., index=...)',
  with_row_count: '.with_row_index("row_nr", ...)',
  merge_sorted: 'pl.concat([..., other]).sort(key, maintain_order=True)',
};

const named = (name: string, span: Span): Syntax => ({ kind: 'name', name, span });
const text = (value: string, span: Span): Syntax => ({ kind: 'string', value, span });
const bool = (value: boolean, span: Span): Syntax => ({ kind: 'boolean', value, span });

export function callOf(
  object: Syntax,
  name: string,
  { positional = [], keywords = [], span }: Partial<CallSyntax> & { readonly span: Span },
): CallSyntax {
  const callee: Callee = { kind: 'attribute', object, name, nameSpan: span, span };
  return { kind: 'call', callee, positional, keywords, span };
}

/** `pl.NAME(...)`. */
export function polarsCall(name: string, positional: readonly Syntax[], span: Span): CallSyntax {
  return callOf(named('pl', span), name, { positional, span });
}

const ofAll =
  (method?: string): Rewrite =>
  ({ call, callee }) => {
    const span = callee.nameSpan;
    const { positional, keywords } = call;
    const all = polarsCall('all', [], span);
    const each = callOf(all, method ?? callee.name, { positional, keywords, span });
    return callOf(callee.object, 'select', { positional: [each], span });
  };

const asMethod =
  (name: string): Rewrite =>
  ({ call, callee }) => ({ ...call, callee: { ...callee, name } });

const rows =
  (method: string, count: string): Rewrite =>
  ({ callee }) => {
    const span = callee.nameSpan;
    const positional = [{ kind: 'integer', value: count, span } as const];
    return callOf(callee.object, method, { positional, span });
  };

const floats = (span: Span): Syntax => callOf(named('cs', span), 'float', { span });

const REWRITES: Readonly<Record<string, Rewrite>> = {
  ...Object.fromEntries(
    [
      'sum',
      'mean',
      'median',
      'min',
      'max',
      'std',
      'var',
      'quantile',
      'count',
      'null_count',
      'interpolate',
      'shift',
      'gather_every',
    ].map((name) => [name, ofAll(name)]),
  ),
  approx_n_unique: ofAll('n_unique'),
  first: rows('head', '1'),
  last: rows('tail', '1'),
  clear: rows('head', '0'),
  select_seq: asMethod('select'),
  with_columns_seq: asMethod('with_columns'),
  drop_nans: ({ call, callee }) => {
    const span = callee.nameSpan;
    const subset = call.positional[0] ?? call.keywords.find(({ name }) => name === 'subset')?.value;
    const chosen = subset === undefined ? floats(span) : asColumns(subset, span);
    const isFine = callOf(callOf(chosen, 'is_not_nan', { span }), 'fill_null', {
      positional: [bool(true, span)],
      span,
    });
    const all = polarsCall('all_horizontal', [isFine], span);
    return callOf(callee.object, 'filter', { positional: [all], span });
  },
  fill_nan: ({ call, callee }) => {
    const { positional, keywords } = call;
    const span = callee.nameSpan;
    const filled = callOf(floats(span), 'fill_nan', { positional, keywords, span });
    return callOf(callee.object, 'with_columns', { positional: [filled], span });
  },
  remove: ({ call, callee }) => {
    const span = callee.nameSpan;
    const conditions = [...call.positional, ...call.keywords.map(equality)];
    const all = polarsCall('all_horizontal', conditions, span);
    const isTrue = callOf(all, 'fill_null', { positional: [bool(false, span)], span });
    const operand = callOf(isTrue, 'not_', { span });
    return callOf(callee.object, 'filter', { positional: [operand], span });
  },
  melt: ({ call, callee }) => {
    const names: Readonly<Record<string, string>> = { id_vars: 'index', value_vars: 'on' };
    const places = ['index', 'on', 'variable_name', 'value_name'];
    const byPlace = call.positional.map((value, index) => ({
      name: places[index] ?? '',
      nameSpan: value.span,
      value,
    }));
    const byName = call.keywords.map((each) => ({ ...each, name: names[each.name] ?? each.name }));
    return {
      ...call,
      callee: { ...callee, name: 'unpivot' },
      positional: [],
      keywords: [...byPlace, ...byName],
    };
  },
  with_row_count: ({ call, callee }) => {
    const isNamed = call.positional.length > 0 || call.keywords.some(({ name }) => name === 'name');
    const positional = isNamed ? call.positional : [text('row_nr', callee.nameSpan)];
    return { ...call, callee: { ...callee, name: 'with_row_index' }, positional };
  },
  merge_sorted: ({ call, callee }) => {
    const [other] = call.positional;
    const key = call.positional[1] ?? call.keywords.find(({ name }) => name === 'key')?.value;
    const items = [callee.object, ...(other ? [other] : [])];
    return mergedFrames(items, key, callee.nameSpan);
  },
};

/** Frames that are in order, with their rows together in that order. */
export function mergedFrames(
  items: readonly Syntax[],
  key: Syntax | undefined,
  span: Span,
): CallSyntax {
  const list: Syntax = { kind: 'list', items, span };
  const concat = polarsCall('concat', [list], span);
  const keepsOrder = { name: 'maintain_order', nameSpan: span, value: bool(true, span) };
  const by = key === undefined ? [] : [key];
  return callOf(concat, 'sort', { positional: by, keywords: [keepsOrder], span });
}

function asColumns(subset: Syntax, span: Span): Syntax {
  const isNames = subset.kind === 'string' || subset.kind === 'list';
  return isNames ? polarsCall('col', [subset], span) : subset;
}

function equality({ name, nameSpan, value }: KeywordSyntax): Syntax {
  const left = polarsCall('col', [text(name, nameSpan)], nameSpan);
  return {
    kind: 'binary',
    operator: '==',
    left,
    right: value,
    span: value.span,
    operatorSpan: nameSpan,
  };
}

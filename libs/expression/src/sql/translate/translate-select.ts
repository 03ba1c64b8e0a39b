import type { Expression, Frame } from '../../program.ts';
import type { SqlExpression, SqlSelect, SqlSelection } from '../sql-syntax.ts';
import { namesIn } from './conjuncts.ts';
import { columnOf, expressions, flag, names, operation, renames, text } from './frames.ts';
import { factsOf } from './facts.ts';
import { groupKeys, groupRows } from './group-rows.ts';
import { isLike } from './like-name.ts';
import { joinSources, type Joined } from './join-sources.ts';
import { orderRows } from './order.ts';
import { joinValues } from './query-values.ts';
import { projectionsOf, type Projection, type Projections } from './projections.ts';
import type { Scope, Tables, Translation } from './scope.ts';
import { joinSubquery } from './subqueries.ts';
import { translateExpression } from './translate-expression.ts';

type Ordered = SqlSelection['orderBy'];

/** One SELECT with the ORDER BY behind it, which can name columns that the result lacks. */
export function translateSelect(
  translation: Translation,
  select: SqlSelect,
  { orderBy, tables }: { readonly orderBy: Ordered; readonly tables: Tables },
): Frame {
  const { joined, conditions } = joinSources(translation, select, tables);
  const base = {
    translation,
    tables,
    joined: joined.tables,
    windows: new Map(select.windows.map(([{ name }, window]) => [name, window])),
  };
  const scope: Scope = { ...base, frame: translation.stateOf(joined.frame) };
  checkAmbiguous(scope, joined, select);
  const filtered = filterRows(scope, joined.frame, { select, conditions });
  const projections = projectionsOf(scope, select.items);
  const keys = groupKeys(scope, select, projections.list);
  if (keys.length === 0 && select.having !== null)
    translation.refuse(select.having.span, 'HAVING needs GROUP BY', 'write WHERE');
  const selected =
    keys.length === 0
      ? selectRows(scope, filtered, { projections, orderBy, select })
      : groupedRows(scope, filtered, { keys, projections, orderBy, select });
  const qualified = qualifyRows(scope, selected, select);
  return distinctRows({ ...scope, frame: translation.stateOf(qualified) }, qualified, {
    select,
    orderBy,
  });
}

/** A name that several tables have, without saying which. */
function checkAmbiguous({ translation }: Scope, joined: Joined, { items, where }: SqlSelect): void {
  const values = items.flatMap((item) => (item.kind === 'expression' ? [item.value] : []));
  const all = where === null ? values : [...values, where.condition];
  for (const { parts, span } of all.flatMap(namesIn)) {
    const name = parts.length === 1 ? parts[0]!.name : undefined;
    if (name === undefined || joined.using.has(name)) continue;
    const owners = [...joined.tables].flatMap(([table, { renamed }]) =>
      renamed.has(name) ? [table] : [],
    );
    if (owners.length === 0) continue;
    const choices = [joined.base, ...owners].map((table) => `${table}.${name}`);
    translation.refuse(
      span,
      `several tables have a column "${name}"`,
      `write ${choices.join(' or ')}`,
    );
  }
}

type Filtering = { readonly select: SqlSelect; readonly conditions: readonly SqlExpression[] };

function filterRows(scope: Scope, frame: Frame, { select, conditions }: Filtering): Frame {
  const { translation } = scope;
  let rows = frame;
  const own: SqlExpression[] = [];
  for (const condition of conditions) {
    if (condition.kind === 'inQuery' || condition.kind === 'exists')
      rows = joinSubquery(scope, rows, condition);
    else own.push(condition);
  }
  if (own.length === 0) return rows;
  const span = select.where?.span ?? select.span;
  const { frame: beside, conditions: compared, columns } = joinValues(scope, rows, own);
  const within = { ...scope, frame: translation.stateOf(beside) };
  const predicates = compared.map((each) => translation.bind(translateExpression(within, each)));
  translation.outputsOf(predicates, within.frame);
  const filtered = operation('filter', beside, { predicates: expressions(predicates, span) }, span);
  if (columns.length === 0) return filtered;
  const values = columns.map((name) => columnOf({ name, span }));
  return operation('drop', filtered, { columns: expressions(values, span) }, span);
}

type Selecting = {
  readonly projections: Projections;
  readonly orderBy: Ordered;
  readonly select: SqlSelect;
};

function selectRows(scope: Scope, frame: Frame, selecting: Selecting): Frame {
  const { projections, orderBy, select } = selecting;
  const { translation } = scope;
  const { span } = select;
  const { excluded, like, replaced, renamed } = projections;
  const kept = projections.list.filter(
    ({ name }) => !excluded.has(name) && (like === null || isLike(name, like)),
  );
  const isForEach = kept.some(({ facts }) => facts.hasColumn && !facts.isIndependent);
  const isConstant = kept.every(({ facts }) => !facts.hasColumn && !facts.isIndependent);
  if (orderBy === null && replaced.length === 0 && !isConstant) {
    const rows = operation(
      'select',
      frame,
      { exprs: expressions(kept.map(expressionOf), span) },
      span,
    );
    return renamedRows(rows, renamed, span);
  }
  if (orderBy !== null && !isForEach && !isConstant)
    translation.unfollowed(orderBy.span, 'ORDER BY over aggregations of all rows');
  let rows: Frame = operation(
    'with_columns',
    frame,
    { exprs: expressions(projections.list.map(expressionOf), span) },
    span,
  );
  if (replaced.length > 0)
    rows = operation('with_columns', rows, { exprs: expressions(replaced, span) }, span);
  const selected = kept.map(({ name }) => name);
  if (orderBy !== null)
    rows = orderRows({ ...scope, frame: translation.stateOf(rows) }, rows, { orderBy, selected });
  const columns = selected.map((name) => columnOf({ name, span }));
  return renamedRows(
    operation('select', rows, { exprs: expressions(columns, span) }, span),
    renamed,
    span,
  );
}

const expressionOf = ({ expression }: Projection): Expression => expression;

function renamedRows(frame: Frame, pairs: Projections['renamed'], span: SqlSelect['span']): Frame {
  return pairs.length === 0
    ? frame
    : operation('rename', frame, { mapping: renames(pairs, span) }, span);
}

type GroupedSelecting = Selecting & { readonly keys: ReturnType<typeof groupKeys> };

function groupedRows(scope: Scope, frame: Frame, grouping: GroupedSelecting): Frame {
  const { keys, projections, orderBy, select } = grouping;
  const { translation } = scope;
  const { list } = projections;
  const span = select.groupBy?.span ?? select.span;
  const having = select.having?.condition ?? null;
  const grouped = groupRows(scope, frame, { keys, list, having, span, listSpan: select.span });
  const selected = list.map(({ name }) => name);
  let rows = grouped.frame;
  if (orderBy !== null) {
    const { originals } = grouped;
    const within = { ...scope, frame: translation.stateOf(rows) };
    const aggregated = (by: SqlExpression): string | null => {
      const { text } = factsOf(translation.bind(translateExpression(scope, by)));
      return list.find(({ facts }) => facts.text === text)?.name ?? null;
    };
    rows = orderRows(within, rows, { orderBy, selected, originals, aggregated });
  }
  const hasMore = translation.stateOf(rows).columns.length > list.length;
  if (!hasMore) return rows;
  const columns = selected.map((name) => columnOf({ name, span: select.span }));
  return operation('select', rows, { exprs: expressions(columns, select.span) }, select.span);
}

function qualifyRows(scope: Scope, frame: Frame, { qualify }: SqlSelect): Frame {
  if (qualify === null) return frame;
  const { translation } = scope;
  const within = { ...scope, frame: translation.stateOf(frame) };
  const condition = translation.bind(translateExpression(within, qualify.condition));
  translation.outputsOf([condition], within.frame);
  return operation(
    'filter',
    frame,
    { predicates: expressions([condition], qualify.span) },
    qualify.span,
  );
}

type Distinct = { readonly select: SqlSelect; readonly orderBy: Ordered };

function distinctRows(scope: Scope, frame: Frame, { select, orderBy }: Distinct): Frame {
  const { distinct, span } = select;
  if (distinct === 'none') return frame;
  if (distinct === 'all')
    return operation(
      'unique',
      frame,
      { keep: text('any', span), maintain_order: flag(true, span) },
      span,
    );
  const columns = distinct.map((column) => {
    const name = column.kind === 'name' ? column.parts.at(-1)?.name : undefined;
    return (
      name ?? scope.translation.refuse(column.span, 'DISTINCT ON takes columns and no expressions')
    );
  });
  scope.translation.outputsOf(
    columns.map((name) => columnOf({ name, span })),
    scope.frame,
  );
  const selected = scope.frame.columns.map(({ name }) => name);
  const rows = orderBy === null ? frame : orderRows(scope, frame, { orderBy, selected });
  const given = {
    subset: names(columns, span),
    keep: text('first', span),
    maintain_order: flag(true, span),
  };
  return operation('unique', rows, given, span);
}

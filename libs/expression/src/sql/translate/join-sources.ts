import { nearestName } from '@floe/errors';
import type { Span } from '../../problems.ts';
import type { Arguments, Expression, Frame } from '../../program.ts';
import type { SqlExpression, SqlJoin, SqlSelect, SqlSource, SqlTable } from '../sql-syntax.ts';
import { conjunctsOf, namesIn } from './conjuncts.ts';
import { expressions, flag, frames, operation, renames, text } from './frames.ts';
import { keyPairs, type JoinSides } from './join-keys.ts';
import type { Scope, ScopeTable, Tables, Translation } from './scope.ts';

/** What FROM gives: one frame, and the tables by whose names its columns go. */
export type Joined = {
  readonly frame: Frame;
  readonly tables: ReadonlyMap<string, ScopeTable>;
  /** The first table: its columns keep their names. */
  readonly base: string;
  readonly using: ReadonlySet<string>;
};

/** FROM as a whole. A comma joins by those conditions of WHERE that compare both sides; the rest remains for WHERE. */
export function joinSources(
  translation: Translation,
  { from, where, span }: SqlSelect,
  tables: Tables,
): { readonly joined: Joined; readonly conditions: readonly SqlExpression[] } {
  const [first, ...rest] = from;
  if (first === undefined) return translation.unfollowed(span, 'a query without FROM');
  let joined = joinSource(translation, first, tables);
  let conditions = where === null ? [] : conjunctsOf(where.condition);
  for (const source of rest) {
    if (source.joins.length > 0) translation.unfollowed(source.table.span, 'a join behind a comma');
    const table = tableOf(translation, source.table, tables);
    const { name, frame } = table;
    const left = {
      tables: [...joined.tables.keys()],
      columns: columnNames(translation, joined.frame),
    };
    const right = { tables: [name], columns: columnNames(translation, frame) };
    const isBetween = (each: SqlExpression): boolean => comparesBoth(each, left, right);
    const on = conditions.filter(isBetween);
    conditions = conditions.filter((each) => !isBetween(each));
    joined = addJoin(translation, joined, {
      right: table,
      tables,
      join: {
        how: on.length > 0 ? 'inner' : 'cross',
        table: source.table,
        on: null,
        using: [],
        isNatural: false,
        span: source.table.span,
      },
      on,
    });
  }
  return { joined, conditions };
}

const COMPARISONS: ReadonlySet<string> = new Set(['=', '==', '<', '<=', '>', '>=', '<>', '!=']);

type Known = { readonly tables: readonly string[]; readonly columns: ReadonlySet<string> };

function columnNames(translation: Translation, frame: Frame): ReadonlySet<string> {
  return new Set(translation.stateOf(frame).columns.map(({ name }) => name));
}

/** Whether a condition compares what is of the left alone with what is of the right alone. */
function comparesBoth(condition: SqlExpression, left: Known, right: Known): boolean {
  if (condition.kind !== 'binary' || !COMPARISONS.has(condition.operator)) return false;
  const [first, second] = [condition.left, condition.right].map((side) => namesIn(side));
  if (!first?.length || !second?.length) return false;
  const isOf = (names: readonly SqlNames[], own: Known, other: Known): boolean =>
    names.every(({ parts: [head, column] }) => {
      if (head === undefined) return false;
      if (column !== undefined) return own.tables.includes(head.name);
      return own.columns.has(head.name) && !other.columns.has(head.name);
    });
  return (
    (isOf(first, left, right) && isOf(second, right, left)) ||
    (isOf(first, right, left) && isOf(second, left, right))
  );
}

type SqlNames = Extract<SqlExpression, { kind: 'name' }>;

export function joinSource(translation: Translation, source: SqlSource, tables: Tables): Joined {
  const { frame, name } = tableOf(translation, source.table, tables);
  const columns = translation.stateOf(frame).columns;
  let joined: Joined = {
    frame,
    tables: new Map([[name, { columns, renamed: new Map() }]]),
    base: name,
    using: new Set(),
  };
  for (const join of source.joins) {
    const on = join.on === null ? [] : conjunctsOf(join.on);
    const right = tableOf(translation, join.table, tables);
    joined = addJoin(translation, joined, { right, join, on, tables });
  }
  return joined;
}

type TableFrame = { readonly frame: Frame; readonly name: string };

function tableOf(translation: Translation, table: SqlTable, tables: Tables): TableFrame {
  if (table.kind === 'unfollowed') return translation.unfollowed(table.span, table.what);
  if (table.kind === 'table') {
    const frame = namedTable(translation, table.name, tables);
    return { frame, name: (table.alias ?? table.name).name };
  }
  const frame = renamedColumns(translation, translation.query(table.query, tables), table);
  return { frame, name: table.alias?.name ?? '' };
}

export function namedTable(
  translation: Translation,
  { name, span }: { readonly name: string; readonly span: Span },
  tables: Tables,
): Frame {
  if (translation.inputs.has(name)) return { kind: 'input', name, span };
  const known = tables.get(name);
  if (known !== undefined) return known;
  const names = [...tables.keys(), ...translation.inputs.keys()];
  const near = nearestName(name, names);
  const listed = `the tables here are ${names.join(', ')}`;
  return translation.refuse(
    span,
    `there is no table "${name}"`,
    near ? `did you mean ${near}? ${listed}` : listed,
  );
}

/** `AS t (a, b)` names all columns anew. */
export function renamedColumns(
  translation: Translation,
  frame: Frame,
  {
    columns,
    span,
  }: {
    readonly columns: readonly { readonly name: string; readonly span: Span }[];
    readonly span: Span;
  },
): Frame {
  if (columns.length === 0) return frame;
  const known = translation.stateOf(frame).columns;
  if (known.length !== columns.length)
    return translation.refuse(
      span,
      `${columns.length} names are given for ${known.length} columns`,
      `the columns are ${known.map(({ name }) => name).join(', ')}`,
    );
  const pairs = known.map(({ name }, index) => [{ name, span }, columns[index]!] as const);
  return operation('rename', frame, { mapping: renames(pairs, span) }, span);
}

type NewJoin = {
  readonly right: TableFrame;
  readonly join: SqlJoin;
  /** Conditions, of which all must hold. */
  readonly on: readonly SqlExpression[];
  readonly tables: Tables;
};

function addJoin(translation: Translation, left: Joined, joining: NewJoin): Joined {
  const { right, join } = joining;
  if (right.name === '')
    translation.refuse(join.table.span, 'a joined query needs a name', 'write (SELECT ...) AS t');
  if (left.tables.has(right.name))
    translation.refuse(
      join.table.span,
      `the table name "${right.name}" comes twice`,
      `give one of them another: ${right.name} AS other`,
    );
  const sides: JoinSides = {
    left: { frame: translation.stateOf(left.frame), joined: left.tables },
    right: { frame: translation.stateOf(right.frame), name: right.name },
  };
  const frame = joinedFrame(translation, { ...joining, left, sides });
  const result = new Set(translation.stateOf(frame).columns.map(({ name }) => name));
  const before = new Set(sides.left.frame.columns.map(({ name }) => name));
  const renamed = sides.right.frame.columns.flatMap(({ name }) => {
    const other = `${name}:${right.name}`;
    return before.has(name) && result.has(other) ? [[name, other] as const] : [];
  });
  const table = { columns: sides.right.frame.columns, renamed: new Map(renamed) };
  return {
    frame,
    base: left.base,
    tables: new Map([...left.tables, [right.name, table]]),
    using: new Set([...left.using, ...join.using.map(({ name }) => name)]),
  };
}

type Joining = NewJoin & {
  readonly left: Joined;
  readonly sides: JoinSides;
};

function joinedFrame(translation: Translation, joining: Joining): Frame {
  const { join, left, right } = joining;
  const { span } = join;
  const suffix = text(`:${right.name}`, span);
  if (join.how === 'cross') {
    const given = { other: frames([right.frame], span), how: text('cross', span), suffix };
    return operation('join', left.frame, given, span);
  }
  const { leftOn, rightOn, predicates } = conditionsOf(translation, joining);
  if (predicates.length > 0) {
    if (join.how !== 'inner')
      translation.unfollowed(span, 'a comparison other than `=` in an outer join');
    const given = {
      other: frames([right.frame], span),
      predicates: expressions(predicates, span),
      suffix,
    };
    return operation('join_where', left.frame, given, span);
  }
  const isSwapped = join.how.startsWith('right ');
  const how = join.how.replace('right ', '');
  const [from, to] = isSwapped ? [right.frame, left.frame] : [left.frame, right.frame];
  const given: Arguments = {
    other: frames([to], span),
    how: text(how, span),
    left_on: expressions(isSwapped ? rightOn : leftOn, span),
    right_on: expressions(isSwapped ? leftOn : rightOn, span),
    suffix,
    coalesce: flag(join.isNatural, span),
  };
  return operation('join', from, given, span);
}

type Conditions = {
  readonly leftOn: readonly Expression[];
  readonly rightOn: readonly Expression[];
  readonly predicates: readonly Expression[];
};

function conditionsOf(translation: Translation, joining: Joining): Conditions {
  const { join, on, sides, tables } = joining;
  const scope: Scope = {
    translation,
    tables,
    frame: sides.left.frame,
    joined: sides.left.joined,
    windows: new Map(),
  };
  if (join.isNatural)
    return namedKeys(translation, sides, sharedNames(translation, sides, join.span));
  if (join.using.length > 0) return namedKeys(translation, sides, join.using);
  return keyPairs(scope, sides, on);
}

type Named = { readonly name: string; readonly span: Span };

function sharedNames(
  translation: Translation,
  { left, right }: JoinSides,
  span: Span,
): readonly Named[] {
  const known = new Set(right.frame.columns.map(({ name }) => name));
  const shared = left.frame.columns.filter(({ name }) => known.has(name));
  if (shared.length === 0)
    translation.refuse(span, 'the tables have no column in common', 'write ON');
  return shared.map(({ name }) => ({ name, span }));
}

function namedKeys(translation: Translation, sides: JoinSides, keys: readonly Named[]): Conditions {
  const on = keys.map((key): Expression => ({
    kind: 'columns',
    selector: { kind: 'names', names: [key], isMultiple: false },
    span: key.span,
  }));
  translation.outputsOf(on, sides.left.frame);
  translation.outputsOf(on, sides.right.frame);
  return { leftOn: on, rightOn: on, predicates: [] };
}

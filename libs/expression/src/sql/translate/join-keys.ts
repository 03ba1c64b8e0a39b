import { nearestName } from '@floe/errors';
import type { FrameState } from '../../analyse/frame-state.ts';
import { MAX_LISTED_COLUMNS } from '../../limits.ts';
import type { Expression } from '../../program.ts';
import type { SqlExpression } from '../sql-syntax.ts';
import { namesIn } from './conjuncts.ts';
import { nameSyntax, type Scope, type ScopeTable } from './scope.ts';
import { translateExpression } from './translate-expression.ts';

export type JoinSides = {
  readonly left: { readonly frame: FrameState; readonly joined: ReadonlyMap<string, ScopeTable> };
  readonly right: { readonly frame: FrameState; readonly name: string };
};

export type JoinConditions = {
  readonly leftOn: readonly Expression[];
  readonly rightOn: readonly Expression[];
  /** Conditions over both sides, where not all compare with `=`. */
  readonly predicates: readonly Expression[];
};

type Binary = Extract<SqlExpression, { kind: 'binary' }>;
type Side = 'left' | 'right';

const UNEQUAL: ReadonlyMap<string, string> = new Map(
  Object.entries<string>({
    '<': 'lt',
    '<=': 'le',
    '>': 'gt',
    '>=': 'ge',
    '<>': 'ne',
    '!=': 'ne',
  }),
);

/** The conditions of ON as keys of both sides, or as predicates over the two. */
export function keyPairs(
  scope: Scope,
  sides: JoinSides,
  conditions: readonly SqlExpression[],
): JoinConditions {
  const leftOn: Expression[] = [];
  const rightOn: Expression[] = [];
  const unequal: Expression[] = [];
  for (const condition of conditions) {
    const { left, right, isEqual, method } = pairOf(scope, sides, condition);
    if (isEqual) {
      leftOn.push(left);
      rightOn.push(right);
    } else unequal.push(comparison(method, left, suffixed(right, sides)));
  }
  if (unequal.length === 0) return { leftOn, rightOn, predicates: [] };
  const equal = leftOn.map((left, index) =>
    comparison('eq', left, suffixed(rightOn[index]!, sides)),
  );
  return { leftOn: [], rightOn: [], predicates: [...unequal, ...equal] };
}

type Pair = {
  readonly left: Expression;
  readonly right: Expression;
  readonly isEqual: boolean;
  readonly method: string;
};

/** The one with its sides exchanged: what stands right may be of the left table. */
const MIRRORED: Readonly<Record<string, string>> = {
  lt: 'gt',
  le: 'ge',
  gt: 'lt',
  ge: 'le',
  ne: 'ne',
};

function pairOf(scope: Scope, sides: JoinSides, condition: SqlExpression): Pair {
  const { translation } = scope;
  const isEqual = condition.kind === 'binary' && /^==?$/.test(condition.operator);
  const method = condition.kind === 'binary' ? UNEQUAL.get(condition.operator) : undefined;
  if (condition.kind !== 'binary' || (!isEqual && method === undefined))
    return translation.unfollowed(condition.span, 'a condition of a join that is no comparison');
  requireNames(scope, sides, condition);
  const [first, second] = sidesOf(sides, condition);
  if (first === null || second === null || first === second)
    return translation.unfollowed(
      condition.span,
      'a condition of a join that does not compare one side with the other',
    );
  const bind = (expression: SqlExpression, side: Side): Expression => {
    const bound = withoutAlias(
      translation.bind(translateExpression(scopeOf(scope, sides, side), expression)),
    );
    translation.outputsOf([bound], sides[side].frame);
    return bound;
  };
  const { left, right } = condition;
  return first === 'left'
    ? { left: bind(left, 'left'), right: bind(right, 'right'), isEqual, method: method ?? 'eq' }
    : {
        left: bind(right, 'left'),
        right: bind(left, 'right'),
        isEqual,
        method: MIRRORED[method ?? 'ne'] ?? 'ne',
      };
}

/** To which table the two operands belong; a name that both have goes to the side that is still free. */
function sidesOf(sides: JoinSides, { left, right }: Binary): readonly [Side | null, Side | null] {
  const first = candidates(sides, left);
  const second = candidates(sides, right);
  if (first.length === 2 && second.length === 1)
    return [second[0] === 'left' ? 'right' : 'left', second[0]!];
  if (first.length === 1 && second.length === 2)
    return [first[0]!, first[0] === 'left' ? 'right' : 'left'];
  if (first.length === 2 && second.length === 2) return ['left', 'right'];
  return [first[0] ?? null, second[0] ?? null];
}

function candidates({ left, right }: JoinSides, expression: SqlExpression): readonly Side[] {
  const names = namesIn(expression);
  if (names.length === 0) return [];
  const has = (frame: FrameState, name: string): boolean =>
    frame.columns.some((column) => column.name === name);
  const isOf = (side: Side): boolean =>
    names.every(({ parts: [first, second] }) => {
      if (first === undefined) return false;
      if (second === undefined) return has(side === 'left' ? left.frame : right.frame, first.name);
      const isRight = first.name === right.name;
      const isLeft = left.joined.has(first.name);
      if (!isRight && !isLeft) return has(side === 'left' ? left.frame : right.frame, first.name);
      return side === 'right' ? isRight : isLeft;
    });
  return (['left', 'right'] as const).filter(isOf);
}

/** Reports a name that neither side has, before anybody wonders to which of them it belongs. */
function requireNames(scope: Scope, { left, right }: JoinSides, condition: SqlExpression): void {
  const columns = [...left.frame.columns, ...right.frame.columns];
  const known = [...new Set(columns.map(({ name }) => name))];
  const table = { columns: right.frame.columns, renamed: new Map<string, string>() };
  const joined = new Map([...left.joined, [right.name, table]]);
  for (const { parts, span } of namesIn(condition)) {
    const [first, second] = parts;
    if (first === undefined) continue;
    if (second !== undefined && !known.includes(first.name))
      nameSyntax({ ...scope, joined }, parts, span);
    if (second === undefined && !known.includes(first.name)) {
      const near = nearestName(first.name, known);
      const listed = `the columns of both sides are ${known.slice(0, MAX_LISTED_COLUMNS).join(', ')}`;
      const hint = near ? `did you mean "${near}"? ${listed}` : listed;
      scope.translation.refuse(span, `there is no column "${first.name}"`, hint);
    }
  }
}

function scopeOf(scope: Scope, { left, right }: JoinSides, side: Side): Scope {
  if (side === 'left') return { ...scope, frame: left.frame, joined: left.joined };
  const table = { columns: right.frame.columns, renamed: new Map<string, string>() };
  return { ...scope, frame: right.frame, joined: new Map([[right.name, table]]) };
}

function withoutAlias(expression: Expression): Expression {
  const isAlias = expression.kind === 'call' && expression.method === 'alias';
  return isAlias && expression.receiver !== null ? expression.receiver : expression;
}

function comparison(method: string, receiver: Expression, other: Expression): Expression {
  const span = { from: receiver.span.from, to: other.span.to };
  return {
    kind: 'call',
    method,
    receiver,
    arguments: { other: { kind: 'expressions', items: [other], span: other.span } },
    span,
    nameSpan: span,
  };
}

/** Names of the right side as they are beside those of the left. */
function suffixed(expression: Expression, sides: JoinSides): Expression {
  const taken = new Set(sides.left.frame.columns.map(({ name }) => name));
  const visit = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(visit);
    if (typeof node !== 'object' || node === null) return node;
    const { kind, selector } = node as {
      kind?: unknown;
      selector?: { kind: string; names: { name: string }[] };
    };
    if (kind === 'columns' && selector?.kind === 'names') {
      const names = selector.names.map((each) =>
        taken.has(each.name) ? { ...each, name: `${each.name}:${sides.right.name}` } : each,
      );
      return { ...node, selector: { ...selector, names } };
    }
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, visit(value)]));
  };
  return visit(expression) as Expression;
}

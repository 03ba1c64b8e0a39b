import { nearestName } from '@floe/errors';
import { NAMESPACES, expressionNames, findExpression, snakeCase } from '../catalogue/catalogue.ts';
import { refusalOf } from '../catalogue/refused-names.ts';
import { isKnownMethod } from '../catalogue/known-names.ts';
import type { Span } from '../problems.ts';
import type { Expression, Selector } from '../program.ts';
import type { CallSyntax, Syntax } from '../syntax/syntax.ts';
import { bindArguments } from './bind-arguments.ts';
import { bindCondition } from './bind-condition.ts';
import { literalOf } from './bind-constant.ts';
import { looksLikeType } from './bind-data-type.ts';
import { bindFunction } from './bind-function.ts';
import { bindSelectorFunction } from './bind-selector-function.ts';
import { bindColumnName, bindExclusion } from './bind-selector.ts';
import { bindTime, timeConstructorOf } from './bind-time.ts';
import { report, type Binder, type TextIs } from './binder.ts';

/** The names of the methods that the operators stand for. */
const BINARY_METHODS: Readonly<Record<string, string>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'truediv',
  '//': 'floordiv',
  '%': 'mod',
  '**': 'pow',
  '&': 'and_',
  '|': 'or_',
  '^': 'xor',
  '==': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
};

const UNSUPPORTED_HINT =
  'express it with other methods, or compute it in SQL where the data comes from';

/** Gives names in an expression their meaning. `textIs` says what text alone stands for. */
export function bindExpression(binder: Binder, syntax: Syntax, textIs: TextIs): Expression | null {
  const { span } = syntax;
  const literal = literalOf(syntax);
  if (literal?.kind === 'string' && textIs === 'column') {
    return bindColumnName(binder, { name: literal.value, span });
  }
  if (literal !== null) return { kind: 'literal', literal, span };
  switch (syntax.kind) {
    case 'parameter':
      return { kind: 'parameter', name: syntax.name, span };
    case 'unary':
      return bindUnary(binder, syntax);
    case 'binary':
      return bindBinary(binder, syntax);
    case 'list':
      return bindList(binder, syntax.items, span);
    case 'call':
      return bindCall(binder, syntax);
    case 'attribute':
      return bindAttribute(binder, syntax);
    case 'name':
      return reportName(binder, syntax.name, span);
    case 'dictionary':
      return report(binder, span, ['a dictionary is not an expression']);
    default:
      return null;
  }
}

function bindUnary(binder: Binder, syntax: Extract<Syntax, { kind: 'unary' }>): Expression | null {
  const receiver = binder.expression(syntax.operand, 'value');
  if (receiver === null || syntax.operator === '+') return receiver;
  if (syntax.operator === '~' && receiver.kind === 'columns' && receiver.isSelector) {
    return combinedColumns('difference', ALL, receiver, syntax.span);
  }
  const method = syntax.operator === '~' ? 'not_' : 'neg';
  return {
    kind: 'call',
    method,
    receiver,
    arguments: {},
    span: syntax.span,
    nameSpan: syntax.span,
  };
}

function bindBinary(
  binder: Binder,
  syntax: Extract<Syntax, { kind: 'binary' }>,
): Expression | null {
  const { span, operatorSpan } = syntax;
  const method = BINARY_METHODS[syntax.operator];
  const receiver = binder.expression(syntax.left, 'value');
  const other = binder.expression(syntax.right, 'value');
  if (method === undefined) {
    return report(binder, operatorSpan, [`\`${syntax.operator}\` is not supported`]);
  }
  if (receiver === null || other === null) return null;
  const selected = combineSelectors(syntax.operator, receiver, other, span);
  if (selected !== null) return selected;
  const argument = { kind: 'expressions', items: [other], span: other.span } as const;
  const name = method === 'pow' ? 'exponent' : 'other';
  return {
    kind: 'call',
    method,
    receiver,
    arguments: { [name]: argument },
    span,
    nameSpan: operatorSpan,
  };
}

const ALL: Columns = { kind: 'columns', selector: { kind: 'all' }, span: { from: 0, to: 0 } };
const COMBINATIONS = {
  '|': 'union',
  '&': 'intersection',
  '-': 'difference',
  '^': 'symmetric_difference',
} as const;

type Columns = Extract<Expression, { kind: 'columns' }>;

/** `cs.numeric() - cs.by_name("a")` chooses columns; null where the operator computes with values. */
function combineSelectors(
  operator: string,
  left: Expression,
  right: Expression,
  span: Span,
): Expression | null {
  const how = COMBINATIONS[operator as keyof typeof COMBINATIONS];
  if (how === undefined || left.kind !== 'columns' || right.kind !== 'columns') return null;
  const isColumn = (side: Columns): boolean => side.selector.kind === 'names';
  const isChoice = left.isSelector && (right.isSelector || (operator !== '-' && isColumn(right)));
  return isChoice ? combinedColumns(how, left, right, span) : null;
}

function combinedColumns(
  how: Extract<Selector, { kind: 'combined' }>['how'],
  { selector: left }: Columns,
  { selector: right }: Columns,
  span: Span,
): Expression {
  const selector: Selector = { kind: 'combined', how, left, right };
  return { kind: 'columns', selector, span, isSelector: true };
}

function bindList(binder: Binder, items: readonly Syntax[], span: Span): Expression | null {
  const bound = items.map((item) => binder.expression(item, 'value'));
  const complete = bound.filter((item) => item !== null);
  if (complete.length < bound.length) return null;
  if (complete.length === 0) return report(binder, span, ['the list is empty']);
  return { kind: 'list', items: complete, span };
}

function bindAttribute(
  binder: Binder,
  syntax: Extract<Syntax, { kind: 'attribute' }>,
): Expression | null {
  const { object, name, nameSpan, span } = syntax;
  if (isPolarsColumn(object)) return bindColumnName(binder, { name, span: nameSpan });
  if (looksLikeType(syntax)) {
    return report(binder, span, ['a type is not a value', 'use it as in .cast(pl.Int64)']);
  }
  if (NAMESPACES.has(name)) {
    return report(binder, nameSpan, [`a method must follow \`.${name}\``]);
  }
  if (object.kind === 'name' && binder.frames.has(object.name))
    return reportFrameColumn(binder, syntax);
  return report(binder, nameSpan, [`\`.${name}\` is not called`, `write .${name}()`]);
}

/** `pl.col.delay` is `pl.col("delay")`. */
function isPolarsColumn(object: Syntax): boolean {
  return (
    object.kind === 'attribute' &&
    object.name === 'col' &&
    object.object.kind === 'name' &&
    object.object.name === 'pl'
  );
}

function reportFrameColumn(binder: Binder, { name, span }: { name: string; span: Span }): null {
  return report(binder, span, [
    'a frame is not a value in an expression',
    `write pl.col("${name}")`,
  ]);
}

function reportName(binder: Binder, name: string, span: Span): null {
  if (binder.frames.has(name)) {
    return report(binder, span, [
      `\`${name}\` is a frame, not an expression`,
      'a column is pl.col("name")',
    ]);
  }
  const near = nearestName(name, ['pl', 'date', 'datetime', 'timedelta', 'True', 'False', 'None']);
  const hint = near ? `did you mean ${near}?` : `a column is pl.col("${name}"), text is "${name}"`;
  return report(binder, span, [`\`${name}\` is not defined`, hint]);
}

function bindCall(binder: Binder, call: CallSyntax): Expression | null {
  const { callee } = call;
  const constructor = timeConstructorOf(call);
  if (constructor !== null) return bindTime(binder, call, constructor);
  if (callee.kind === 'refused') return null;
  if (callee.kind === 'name' && !binder.frames.has(callee.name)) {
    const hint = findExpression(`pl.${callee.name}`)
      ? `write pl.${callee.name}(...)`
      : 'use the functions of `pl`';
    return report(binder, callee.span, [
      `\`${callee.name}\` is not a function that can be used here`,
      hint,
    ]);
  }
  if (callee.kind !== 'attribute') {
    return report(binder, callee.span, ['this cannot be called']);
  }
  const { object, name } = callee;
  if (object.kind === 'name' && object.name === 'pl') return bindFunction(binder, call, callee);
  if (object.kind === 'name' && object.name === 'cs' && !binder.frames.has('cs'))
    return bindSelectorFunction(binder, call, callee);
  if (name === 'then' || name === 'otherwise' || name === 'when')
    return bindCondition(binder, call);
  const isNamespaced =
    object.kind === 'attribute' && NAMESPACES.has(object.name) && !isPolarsColumn(object);
  const receiverSyntax = isNamespaced ? object.object : object;
  const receiver = binder.expression(receiverSyntax, 'value');
  if (receiver === null) return null;
  const namespace = isNamespaced ? object.name : '';
  return bindMethod(binder, { call, receiver, namespace, name, nameSpan: callee.nameSpan });
}

type MethodToBind = {
  readonly call: CallSyntax;
  readonly receiver: Expression;
  readonly namespace: string;
  readonly name: string;
  readonly nameSpan: Span;
};

function bindMethod(binder: Binder, method: MethodToBind): Expression | null {
  const { call, receiver, namespace, name, nameSpan } = method;
  if (namespace === '' && name === 'exclude') return bindExclusion(binder, receiver, call);
  const full = namespace === '' ? name : `${namespace}.${name}`;
  const entry = name.includes('.') ? undefined : findExpression(full);
  if (entry === undefined) return reportMethod(binder, method);
  const { parameters } = entry;
  const written = entry.name.startsWith('replace') ? withMapping(call) : call;
  const bound = bindArguments(binder, {
    owner: `.${entry.name}`,
    parameters,
    call: written,
    nameSpan,
  });
  if (bound === null) return null;
  return {
    kind: 'call',
    method: entry.name,
    receiver,
    arguments: bound,
    span: call.span,
    nameSpan,
  };
}

/** `replace({a: b})` is `replace([a], [b])`. */
function withMapping(call: CallSyntax): CallSyntax {
  const [first, ...rest] = call.positional;
  if (first?.kind !== 'dictionary') return call;
  const { entries, span } = first;
  const list = (items: readonly Syntax[]) => ({ kind: 'list', items, span }) as const;
  const pair = [list(entries.map(([key]) => key)), list(entries.map(([, value]) => value))];
  return { ...call, positional: [...pair, ...rest] };
}

function reportMethod(binder: Binder, { namespace, name, nameSpan }: MethodToBind): null {
  const full = namespace === '' ? name : `${namespace}.${name}`;
  const near = nearestName(name, expressionNames(namespace));
  const nearHint = near
    ? `did you mean .${namespace === '' ? '' : `${namespace}.`}${near}?`
    : undefined;
  const reason = refusalOf(`${namespace === '' ? 'Expr' : namespace}.${snakeCase(name)}`);
  if (reason !== undefined)
    return report(binder, nameSpan, [`\`.${full}\` is not supported`, reason]);
  if (isKnownMethod(namespace, snakeCase(name))) {
    return report(binder, nameSpan, [
      `\`.${full}\` of Polars is not supported yet`,
      nearHint ?? UNSUPPORTED_HINT,
    ]);
  }
  return report(binder, nameSpan, [`there is no method \`.${full}\``, nearHint]);
}

import { FloeError, assert } from '@floe/errors';
import { findExpression } from '../catalogue/catalogue.ts';
import type { LowerCall } from '../catalogue/signature.ts';
import type { Json } from '../json.ts';
import type { Argument, Constant, Expression, Literal } from '../program.ts';
import { selectorExpression } from './lower-selector.ts';
import {
  NULL_LITERAL,
  binary,
  booleanLiteral,
  floatLiteral,
  func,
  integerLiteral,
  stringLiteral,
} from './shapes.ts';

/** The literal that a parameter of the workflow stands for in this run; `wanted` is the kind that its place needs. */
export type Resolve = (parameter: string, wanted: Literal['kind']) => Literal;

type Call = Extract<Expression, { kind: 'call' }>;

/** An expression in the form that Polars deserialises. */
export function lowerExpression(expression: Expression, resolve: Resolve): Json {
  switch (expression.kind) {
    case 'literal':
      return literalJson(expression.literal);
    case 'parameter':
      return literalJson(resolve(expression.name, 'null'));
    case 'columns':
      return selectorExpression(expression.selector);
    case 'element':
      return 'Element';
    case 'field':
      return { Field: [expression.name] };
    case 'list':
      return func(
        expression.items.map((item) => lowerExpression(item, resolve)),
        { ListExpr: 'Concat' },
      );
    case 'call':
      return isConnective(expression)
        ? lowerConnective(expression, resolve)
        : lowerCall(expression, resolve);
  }
}

function literalJson(literal: Literal): Json {
  switch (literal.kind) {
    case 'null':
      return NULL_LITERAL;
    case 'boolean':
      return booleanLiteral(literal.value);
    case 'integer':
      return integerLiteral(BigInt(literal.value));
    case 'float':
      return floatLiteral(Number(literal.value));
    case 'string':
      return stringLiteral(literal.value);
    case 'binary':
      return { Literal: { Scalar: { Binary: bytesOf(literal.hex) } } };
    case 'time':
      return { Literal: { Scalar: { Time: BigInt(literal.nanoseconds) } } };
    case 'date':
      return { Literal: { Scalar: { Date: literal.days } } };
    case 'datetime': {
      const zone = literal.timezone === null ? null : { inner: literal.timezone };
      return {
        Literal: { Scalar: { Datetime: [BigInt(literal.microseconds), 'Microseconds', zone] } },
      };
    }
    case 'duration':
      return { Literal: { Scalar: { Duration: [BigInt(literal.microseconds), 'Microseconds'] } } };
  }
}

function bytesOf(hex: string): readonly number[] {
  return (hex.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));
}

const CONNECTIVES: Readonly<Record<string, string>> = { and_: 'And', or_: 'Or' };

function isConnective(call: Call): boolean {
  return Object.hasOwn(CONNECTIVES, call.method);
}

/** Long chains of `&` or `|` become a balanced tree: Polars' reader allows no deep ones, and the result is the same. */
function lowerConnective(call: Call, resolve: Resolve): Json {
  const operands = chainOf(call).map((operand) => lowerExpression(operand, resolve));
  return balanced(operands, CONNECTIVES[call.method] ?? 'And');
}

function chainOf(call: Call): readonly Expression[] {
  const operands: Expression[] = [];
  let current: Expression = call;
  while (current.kind === 'call' && current.method === call.method && current.receiver !== null) {
    operands.push(...expressionsOf(current.arguments['other']));
    current = current.receiver;
  }
  return [current, ...operands.toReversed()];
}

function balanced(operands: readonly Json[], operator: string): Json {
  const [first] = operands;
  assert(first !== undefined, 'a connective has operands');
  if (operands.length === 1) return first;
  const middle = Math.ceil(operands.length / 2);
  return binary(
    balanced(operands.slice(0, middle), operator),
    operator,
    balanced(operands.slice(middle), operator),
  );
}

function lowerCall(call: Call, resolve: Resolve): Json {
  const entry = findExpression(call.method);
  assert(entry, `the catalogue has ${call.method}`);
  const receiver = call.receiver === null ? null : lowerExpression(call.receiver, resolve);
  const lowered = new Map<string, readonly Json[]>();
  for (const parameter of entry.parameters) {
    const argument = call.arguments[parameter.name];
    if (argument?.kind !== 'expressions') continue;
    lowered.set(
      parameter.name,
      argument.items.map((item) => lowerExpression(item, resolve)),
    );
  }
  const operands = [...(receiver === null ? [] : [receiver]), ...[...lowered.values()].flat()];
  return entry.lower({ ...constantsOf(call, resolve), ...operandsOf(operands, receiver, lowered) });
}

type Operands = Pick<LowerCall, 'operands' | 'receiver' | 'has' | 'expression' | 'expressions'>;

function operandsOf(
  operands: readonly Json[],
  receiver: Json,
  lowered: ReadonlyMap<string, readonly Json[]>,
): Operands {
  return {
    operands,
    receiver,
    has: (parameter) => lowered.has(parameter),
    expression: (parameter) => lowered.get(parameter)?.[0] ?? NULL_LITERAL,
    expressions: (parameter) => lowered.get(parameter) ?? [],
  };
}

type Constants = Omit<LowerCall, keyof Operands>;

function constantsOf(call: Call, resolve: Resolve): Constants {
  const one = (parameter: string, wanted: Literal['kind']): Literal => {
    const [constant] = constantItems(call.arguments[parameter]);
    return constant === undefined ? { kind: 'null' } : resolveConstant(constant, wanted, resolve);
  };
  return {
    isNull: (parameter) => one(parameter, 'null').kind === 'null',
    text: (parameter) => textOf(parameter, one(parameter, 'string')),
    texts: (parameter) =>
      constantItems(call.arguments[parameter]).map((each) =>
        textOf(parameter, resolveConstant(each, 'string', resolve)),
      ),
    numbers: (parameter) =>
      constantItems(call.arguments[parameter]).map((each) =>
        numberOf(parameter, resolveConstant(each, 'float', resolve)),
      ),
    integers: (parameter) =>
      constantItems(call.arguments[parameter]).map((each) =>
        integerOf(parameter, resolveConstant(each, 'integer', resolve)),
      ),
    integer: (parameter) => integerOf(parameter, one(parameter, 'integer')),
    number: (parameter) => numberOf(parameter, one(parameter, 'float')),
    flag: (parameter) => flagOf(parameter, one(parameter, 'boolean')),
    flags: (parameter, count) => {
      const constants = constantItems(call.arguments[parameter]);
      return repeatFlags(
        constants.map((each) => flagOf(parameter, resolveConstant(each, 'boolean', resolve))),
        count,
      );
    },
    type: (parameter) => {
      const argument = call.arguments[parameter];
      assert(argument?.kind === 'type', `${call.method} has the type ${parameter}`);
      return argument.type;
    },
    typeOrNull: (parameter) => {
      const argument = call.arguments[parameter];
      return argument?.kind === 'type' ? argument.type : null;
    },
  };
}

export function repeatFlags(flags: readonly boolean[], count: number): readonly boolean[] {
  const only = flags[0] ?? false;
  return Array.from({ length: count }, (_, index) =>
    flags.length > 1 ? (flags[index] ?? only) : only,
  );
}

export function constantItems(argument: Argument | undefined): readonly Constant[] {
  return argument?.kind === 'constants' ? argument.items : [];
}

export function expressionsOf(argument: Argument | undefined): readonly Expression[] {
  return argument?.kind === 'expressions' ? argument.items : [];
}

export function resolveConstant(
  constant: Constant,
  wanted: Literal['kind'],
  resolve: Resolve,
): Literal {
  return constant.kind === 'literal' ? constant.literal : resolve(constant.name, wanted);
}

function wrongKind(parameter: string, wanted: string, literal: Literal): FloeError {
  return new FloeError(
    'PARAMETER_INVALID',
    `\`${parameter}\` needs ${wanted}, the parameter's value is ${literal.kind}`,
  );
}

export function textOf(parameter: string, literal: Literal): string {
  if (literal.kind === 'string') return literal.value;
  throw wrongKind(parameter, 'text', literal);
}

export function integerOf(parameter: string, literal: Literal): bigint {
  if (literal.kind === 'integer') return BigInt(literal.value);
  throw wrongKind(parameter, 'an integer', literal);
}

function numberOf(parameter: string, literal: Literal): number {
  if (literal.kind === 'integer' || literal.kind === 'float') return Number(literal.value);
  throw wrongKind(parameter, 'a number', literal);
}

export function flagOf(parameter: string, literal: Literal): boolean {
  if (literal.kind === 'boolean') return literal.value;
  throw wrongKind(parameter, 'true or false', literal);
}

import { assert } from '@floe/errors';
import { findFrameMethod } from '../../catalogue/catalogue.ts';
import type { Parameter } from '../../catalogue/signature.ts';
import type { Span } from '../../problems.ts';
import type { Argument, Arguments, Expression, Frame, Literal, Name } from '../../program.ts';
import type { SqlName } from '../sql-syntax.ts';

export type Operation = Extract<Frame, { kind: 'operation' }>;

/** One method of a frame in the tree, with what the query does not say filled in. */
export function operation(
  method: string,
  input: Frame | null,
  given: Arguments,
  span: Span,
): Operation {
  const parameters = findFrameMethod(method)?.parameters;
  assert(parameters, `the catalogue has the frame method ${method}`);
  const filled: { [parameter: string]: Argument } = {};
  for (const parameter of parameters) {
    const argument = given[parameter.name] ?? fallbackOf(parameter, span);
    if (argument !== undefined) filled[parameter.name] = argument;
  }
  return {
    kind: 'operation',
    method,
    input,
    arguments: { ...given, ...filled },
    span,
    nameSpan: span,
  };
}

function fallbackOf({ fallback }: Parameter, span: Span): Argument | undefined {
  return (
    fallback && { kind: 'constants', items: [{ kind: 'literal', literal: fallback, span }], span }
  );
}

export const expressions = (items: readonly Expression[], span: Span): Argument => ({
  kind: 'expressions',
  items,
  span,
});

export function constants(literals: readonly Literal[], span: Span): Argument {
  return {
    kind: 'constants',
    items: literals.map((literal) => ({ kind: 'literal', literal, span })),
    span,
  };
}

export const text = (value: string, span: Span): Argument =>
  constants([{ kind: 'string', value }], span);
export const flag = (value: boolean, span: Span): Argument =>
  constants([{ kind: 'boolean', value }], span);
export const flags = (values: readonly boolean[], span: Span): Argument =>
  constants(
    values.map((value) => ({ kind: 'boolean', value })),
    span,
  );
export const frames = (items: readonly Frame[], span: Span): Argument => ({
  kind: 'frames',
  items,
  span,
});
export const names = (of: readonly string[], span: Span): Argument => ({
  kind: 'names',
  names: of.map((name) => ({ name, span })),
  span,
});
export const renames = (pairs: readonly (readonly [Name, Name])[], span: Span): Argument => ({
  kind: 'renames',
  pairs,
  span,
});
export const integer = (value: string, span: Span): Argument =>
  constants([{ kind: 'integer', value }], span);

/** A column as it stands in the tree. */
export const columnOf = ({ name, span }: SqlName): Expression => ({
  kind: 'columns',
  selector: { kind: 'names', names: [{ name, span }], isMultiple: false },
  span,
});

export function aliasOf(expression: Expression, name: string): Expression {
  const { span } = expression;
  return {
    kind: 'call',
    method: 'alias',
    receiver: expression,
    arguments: { name: text(name, span) },
    span,
    nameSpan: span,
  };
}

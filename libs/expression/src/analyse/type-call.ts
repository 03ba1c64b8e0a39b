import type { Entry, Parameter, TypeCall } from '../catalogue/signature.ts';
import type { DataType } from '../data-type.ts';
import type { Constant, Expression, Literal } from '../program.ts';
import { UNKNOWN } from '../types/kinds.ts';
import type { ExpressionContext, Output } from './expression-context.ts';

export type Call = Extract<Expression, { kind: 'call' }>;
export type RowOperand = { readonly parameter: Parameter | null; readonly output: Output };

/** One column of a call: which outputs of its operands take part in it. */
export type Row = {
  readonly call: Call;
  readonly entry: Entry;
  readonly row: readonly RowOperand[];
  readonly context: ExpressionContext;
};

/** The type that the catalogue's rule gives; what the rule refuses is reported. */
export function typeOf({ call, entry, row, context }: Row): DataType {
  const typed = row.filter(({ parameter }) => isTyped(parameter));
  const typeCall: TypeCall = {
    method: entry.name,
    operands: typed.map(({ output }) => output.value),
    names: typed.map(({ output }) => output.name),
    operand: (name) => row.find(({ parameter }) => parameter?.name === name)?.output.value,
    ...constantsOf(call),
  };
  const result = entry.type(typeCall);
  if ('kind' in result) return result;
  context.problems.add(call.nameSpan, result.problem, result.hint);
  return UNKNOWN;
}

function constantsOf(call: Call): Pick<TypeCall, 'constant' | 'texts' | 'integers' | 'type'> {
  const items = (name: string): readonly Constant[] => {
    const argument = call.arguments[name];
    return argument?.kind === 'constants' ? argument.items : [];
  };
  const literals = (name: string): readonly (Literal | null)[] =>
    items(name).map((each) => (each.kind === 'literal' ? each.literal : null));
  return {
    constant: (name) => literals(name)[0] ?? undefined,
    texts: (name) =>
      literals(name).flatMap((each) => (each?.kind === 'string' ? [each.value] : [])),
    integers: (name) =>
      literals(name).map((each) => (each?.kind === 'integer' ? BigInt(each.value) : null)),
    type: (name) => {
      const argument = call.arguments[name];
      return argument?.kind === 'type' ? argument.type : undefined;
    },
  };
}

/** Operands that order, group or filter have no part in the type; conditions are there to be checked. */
function isTyped(parameter: Parameter | null): boolean {
  return (
    parameter?.role === undefined || parameter.role === 'condition' || parameter.role === 'value'
  );
}

import { findFrameMethod } from '../catalogue/catalogue.ts';
import type { Frame } from '../program.ts';
import type { CallSyntax, Syntax } from '../syntax/syntax.ts';
import { bindArguments } from './bind-arguments.ts';
import type { Binder } from './binder.ts';

export type Callee = Extract<Syntax, { kind: 'attribute' }>;

export type OperationToBind = {
  readonly method: string;
  readonly input: Frame | null;
  readonly call: CallSyntax;
  readonly callee: Callee;
};

/** One method of a frame with its arguments. */
export function bindOperation(
  binder: Binder,
  { method, input, call, callee }: OperationToBind,
): Frame | null {
  const parameters = findFrameMethod(method)?.parameters ?? [];
  const owner = input === null ? `pl.${method}` : `.${method}`;
  const bound = bindArguments(binder, { owner, parameters, call, nameSpan: callee.nameSpan });
  return (
    bound && {
      kind: 'operation',
      method,
      input,
      arguments: bound,
      span: call.span,
      nameSpan: callee.nameSpan,
    }
  );
}

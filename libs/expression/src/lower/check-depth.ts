import { isTooDeep } from '../json.ts';
import type { Problems } from '../problems.ts';
import type { Argument, Expression, Frame, Literal, Program } from '../program.ts';
import { lowerExpression, type Resolve } from './lower-expression.ts';

/** Reports expressions that Polars' reader would refuse for their depth; they are lowered to find that out. */
export function reportTooDeep(program: Program, problems: Problems): void {
  for (const statement of program.statements) visitFrame(statement.frame, problems);
}

function visitFrame(frame: Frame, problems: Problems): void {
  for (let current: Frame | null = frame; current?.kind === 'operation'; current = current.input) {
    for (const argument of Object.values(current.arguments)) visitArgument(argument, problems);
  }
}

function visitArgument(argument: Argument, problems: Problems): void {
  if (argument.kind === 'frames') for (const frame of argument.items) visitFrame(frame, problems);
  if (argument.kind !== 'expressions') return;
  for (const expression of argument.items) {
    // Most expressions are shallow, and to lower all of them would be a good part of the time that parsing takes.
    if (!isDeeper(expression, SURELY_FINE)) continue;
    if (!isTooDeep(lowerExpression(expression, placeholder))) continue;
    problems.add(
      expression.span,
      'the expression is nested too deeply for Polars',
      'compute parts of it in a with_columns before',
    );
  }
}

/** Calls within each other that stay within the depth whatever they are: the deepest rewrite takes 12 levels. */
const SURELY_FINE = 9;

function isDeeper(expression: Expression, levels: number): boolean {
  if (expression.kind === 'list')
    return expression.items.some((item) => isDeeper(item, levels - 1));
  if (expression.kind !== 'call') return false;
  if (levels === 0) return true;
  const { receiver } = expression;
  if (receiver !== null && isDeeper(receiver, levels - 1)) return true;
  return Object.values(expression.arguments).some(
    (argument) =>
      argument.kind === 'expressions' && argument.items.some((item) => isDeeper(item, levels - 1)),
  );
}

const PLACEHOLDERS: Readonly<Partial<Record<Literal['kind'], Literal>>> = {
  boolean: { kind: 'boolean', value: false },
  integer: { kind: 'integer', value: '0' },
  float: { kind: 'float', value: '0' },
  string: { kind: 'string', value: '' },
};

/** Parameters have no values yet, and only the form counts: any literal of the right kind will do. */
const placeholder: Resolve = (_, wanted) => PLACEHOLDERS[wanted] ?? { kind: 'null' };

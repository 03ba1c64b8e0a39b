import type { Span } from '../problems.ts';
import type { Constant, Literal } from '../program.ts';
import type { Syntax } from '../syntax/syntax.ts';

const SMALLEST_INTEGER = -(2n ** 63n);

/** A literal value in the text, or null when the syntax is something else. */
export function literalOf(syntax: Syntax): Literal | null {
  switch (syntax.kind) {
    case 'string':
    case 'integer':
    case 'float':
      return { kind: syntax.kind, value: syntax.value };
    case 'boolean':
      return { kind: 'boolean', value: syntax.value };
    case 'bytes':
      return { kind: 'binary', hex: syntax.hex };
    case 'none':
      return { kind: 'null' };
    case 'unary':
      return syntax.operator === '-' ? negated(syntax.operand) : null;
    default:
      return null;
  }
}

function negated(operand: Syntax): Literal | null {
  if (operand.kind === 'float') return { kind: 'float', value: String(-Number(operand.value)) };
  if (operand.kind !== 'integer') return null;
  const value = -BigInt(operand.value);
  return value < SMALLEST_INTEGER ? null : { kind: 'integer', value: value.toString() };
}

/** A literal or a parameter of the workflow: what is known before the plan is made. */
export function constantOf(syntax: Syntax): Constant | null {
  if (syntax.kind === 'parameter') {
    return { kind: 'parameter', name: syntax.name, span: syntax.span };
  }
  const literal = literalOf(syntax);
  return literal === null ? null : literalConstant(literal, syntax.span);
}

export function literalConstant(literal: Literal, span: Span): Constant {
  return { kind: 'literal', literal, span };
}

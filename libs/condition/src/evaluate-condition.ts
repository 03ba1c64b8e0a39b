import { assertNever } from '@floe/errors';
import type { ParameterValue } from '@floe/expression';
import type { Comparison, Condition, Operand, ValueKind } from './condition.ts';
import { momentOf } from './moment.ts';

/** What a condition is asked about. */
export type ConditionFacts = {
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** A task that the condition speaks of; its rows are undefined where it made none. */
  task(id: string): { readonly state: string; readonly rows: number | undefined };
};

/**
 * Whether a condition holds. What is missing (a parameter left out, rows of a task that made none) is null: equal to
 * null alone, and neither smaller nor greater than anything.
 */
export function evaluateCondition(condition: Condition, facts: ConditionFacts): boolean {
  switch (condition.op) {
    case 'or':
      return condition.parts.some((part) => evaluateCondition(part, facts));
    case 'and':
      return condition.parts.every((part) => evaluateCondition(part, facts));
    case 'not':
      return !evaluateCondition(condition.part, facts);
    case 'holds':
      return valueOf(condition.value, facts) === 'true';
    case 'in': {
      const left = valueOf(condition.left, facts);
      const isSame = (value: Operand) =>
        holds('==', orderOf(condition.kind, left, valueOf(value, facts)));
      return condition.values.some(isSame);
    }
    case 'compare': {
      const left = valueOf(condition.left, facts);
      const right = valueOf(condition.right, facts);
      return holds(condition.by, orderOf(condition.kind, left, right));
    }
    default:
      return assertNever(condition);
  }
}

function valueOf(operand: Operand, facts: ConditionFacts): string | null {
  switch (operand.from) {
    case 'literal':
      return operand.value;
    case 'parameter': {
      const parameter = facts.parameters[operand.name];
      return parameter === undefined || parameter.kind === 'null' ? null : parameter.value;
    }
    case 'state':
      return facts.task(operand.task).state;
    case 'rows':
      return facts.task(operand.task).rows?.toString() ?? null;
    default:
      return assertNever(operand);
  }
}

type Order = 'less' | 'same' | 'greater' | 'none';

function orderOf(kind: ValueKind, left: string | null, right: string | null): Order {
  if (left === null || right === null) return left === right ? 'same' : 'none';
  if (kind === 'number') return numberOrder(left, right);
  if (kind === 'datetime') return order(momentOf(left) ?? 0n, momentOf(right) ?? 0n);
  if (kind === 'boolean') return order(left.toLowerCase(), right.toLowerCase());
  return order(left, right);
}

/** Whole numbers are compared digit for digit, whatever their size. */
function numberOrder(left: string, right: string): Order {
  const isWhole = [left, right].every((text) => /^-?\d+$/.test(text));
  return isWhole ? order(BigInt(left), BigInt(right)) : order(Number(left), Number(right));
}

function order<Value extends string | number | bigint>(left: Value, right: Value): Order {
  if (left === right) return 'same';
  if (left < right) return 'less';
  return left > right ? 'greater' : 'none';
}

function holds(by: Comparison, found: Order): boolean {
  switch (by) {
    case '==':
      return found === 'same';
    case '!=':
      return found !== 'same';
    case '<':
      return found === 'less';
    case '<=':
      return found === 'less' || found === 'same';
    case '>':
      return found === 'greater';
    case '>=':
      return found === 'greater' || found === 'same';
    default:
      return assertNever(by);
  }
}

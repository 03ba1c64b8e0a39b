/**
 * Which rows within a stage a look at a few columns counts: those that filters of plain comparisons leave. Whatever is not
 * on the list may cost as much as the stage itself: joins and groups are made twice, texts are searched twice.
 */
import type { ExpressionJson, FrameNode } from '@floe/expression';
import type { StageStep } from './stage-step.ts';

export function countsByLook(steps: readonly StageStep[], index: number): boolean {
  const { plan, inputs } = steps[index]!;
  const looks = (at: number): boolean => {
    const node: FrameNode = plan.nodes[at]!;
    switch (node.op) {
      case 'input': {
        const input = Object.hasOwn(inputs, node.name) ? inputs[node.name] : undefined;
        if (input === undefined) return false;
        return 'path' in input || countsByLook(steps, input.step);
      }
      case 'filter':
        return isPlain(JSON.parse(node.predicate)) && looks(node.input);
      case 'select':
      case 'with_columns':
        return node.expressions.every(isPlainText) && looks(node.input);
      case 'rename':
      case 'drop':
        return looks(node.input);
      default:
        return false;
    }
  };
  return looks(plan.output);
}

/** Whether the expressions give one value for each row of what they read, or one for all where another reads a column. */
export function isPlainRead(expressions: readonly ExpressionJson[]): boolean {
  return (
    expressions.every(isPlainText) && expressions.some((text) => readsColumn(JSON.parse(text)))
  );
}

/** Of a plain expression. */
function readsColumn(expression: object): boolean {
  if ('Column' in expression) return true;
  return Object.values(expression).some(
    (part) => typeof part === 'object' && part !== null && readsColumn(part),
  );
}

/**
 * Whether counting the rows of a step costs at most about what the stage does, whatever the values are. Joins and the
 * like may make many rows of few.
 */
export function countsInOnePass(steps: readonly StageStep[], index: number): boolean {
  const { plan, inputs } = steps[index]!;
  if (plan.nodes.some(mayGrow)) return false;
  return Object.values(inputs).every(
    (input) => 'path' in input || countsInOnePass(steps, input.step),
  );
}

function mayGrow(node: FrameNode): boolean {
  if (node.op === 'join') return node.how !== 'semi' && node.how !== 'anti';
  return ['join_asof', 'explode', 'sql', 'group_by_rolling'].includes(node.op);
}

function isPlainText(text: ExpressionJson): boolean {
  return isPlain(JSON.parse(text));
}

type Parts = {
  readonly BinaryExpr?: { readonly left: unknown; readonly right: unknown };
  readonly Alias?: readonly [unknown, string];
  readonly Function?: { readonly input: readonly unknown[]; readonly function: unknown };
};

/** Polars' own form of an expression: columns, constants, arithmetic, comparisons and what joins them. */
function isPlain(expression: unknown): boolean {
  if (typeof expression !== 'object' || expression === null) return false;
  if ('Column' in expression || 'Literal' in expression) return true;
  const { BinaryExpr: binary, Alias: alias, Function: call } = expression as Parts;
  if (binary !== undefined) return isPlain(binary.left) && isPlain(binary.right);
  if (alias !== undefined) return isPlain(alias[0]);
  return call !== undefined && isPlainFunction(call.function) && call.input.every(isPlain);
}

const PLAIN_FUNCTIONS = ['IsNull', 'IsNotNull', 'Not'];

function isPlainFunction(called: unknown): boolean {
  if (typeof called !== 'object' || called === null || !('Boolean' in called)) return false;
  return typeof called.Boolean === 'string' && PLAIN_FUNCTIONS.includes(called.Boolean);
}

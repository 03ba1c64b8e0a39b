import { FloeError, assert, type Place } from '@floe/errors';
import type { FrameNode, FramePlan } from '../frame-plan.ts';
import { parameterLiteral, type ParameterValue } from '../parameter-value.ts';
import { placeOf, type Span } from '../problems.ts';
import type { Frame, Literal, Program } from '../program.ts';
import type { Resolve } from './lower-expression.ts';
import { lowerOperation } from './lower-operation.ts';

/**
 * The program as a graph of frame operations, its parameters bound as typed literals. Statements that the result does
 * not need are left out; a frame that is used several times is one node.
 *
 * Throws PARAMETER_INVALID when a parameter of the text has no value, or one of a kind that its place cannot take.
 */
export function toFramePlan(
  program: Program,
  parameters: Readonly<Record<string, ParameterValue>>,
): FramePlan {
  return toPlacedPlan(program, parameters).plan;
}

export type PlacedPlan = {
  readonly plan: FramePlan;
  /** Where in the text each node of the plan comes from. */
  readonly places: readonly Place[];
};

/** The same, with the places of its nodes. */
export function toPlacedPlan(
  program: Program,
  parameters: Readonly<Record<string, ParameterValue>>,
): PlacedPlan {
  const last = program.statements.at(-1);
  assert(last, 'a program has a statement');
  const nodes: FrameNode[] = [];
  const spans: Span[] = [];
  const inputs = new Map<string, number>();
  const statements = new Map<number, number>();
  const resolve = resolverOf(parameters);

  const add = (node: FrameNode): number => nodes.push(node) - 1;

  /** All nodes that were added since come from here. */
  const noteSpan = (span: Span): void => {
    while (spans.length < nodes.length) spans.push(span);
  };

  const lowerInput = (name: string, span: Span): number => {
    const index = inputs.get(name) ?? add({ op: 'input', name });
    inputs.set(name, index);
    noteSpan(span);
    return index;
  };

  const lowerFrame = (frame: Frame): number => {
    if (frame.kind === 'input') return lowerInput(frame.name, frame.span);
    if (frame.kind === 'operation') {
      const input = frame.input === null ? null : lowerFrame(frame.input);
      const index = lowerOperation({ frame, input, add, lowerFrame, resolve });
      noteSpan(frame.nameSpan);
      return index;
    }
    const known = statements.get(frame.index);
    if (known !== undefined) return known;
    const statement = program.statements[frame.index];
    assert(statement, 'a statement refers to an earlier one');
    const index = lowerFrame(statement.frame);
    statements.set(frame.index, index);
    return index;
  };

  const output = lowerFrame(last.frame);
  return { plan: { nodes, output }, places: spans.map((span) => placeOf(program.text, span)) };
}

function resolverOf(parameters: Readonly<Record<string, ParameterValue>>): Resolve {
  return (name): Literal => {
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (value !== undefined) return parameterLiteral(name, value);
    throw new FloeError('PARAMETER_INVALID', `the parameter "${name}" has no value`, {
      details: { parameter: name },
      hint: 'declare it under `params`, with a default or a value for the run',
    });
  };
}

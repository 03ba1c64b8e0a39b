import { FloeError, assert } from '@floe/errors';
import type { FrameNode, FramePlan } from '../frame-plan.ts';
import { parameterLiteral, type ParameterValue } from '../parameter-value.ts';
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
  const last = program.statements.at(-1);
  assert(last, 'a program has a statement');
  const nodes: FrameNode[] = [];
  const inputs = new Map<string, number>();
  const statements = new Map<number, number>();
  const resolve = resolverOf(parameters);

  const add = (node: FrameNode): number => nodes.push(node) - 1;

  const lowerInput = (name: string): number => {
    const index = inputs.get(name) ?? add({ op: 'input', name });
    inputs.set(name, index);
    return index;
  };

  const lowerFrame = (frame: Frame): number => {
    if (frame.kind === 'input') return lowerInput(frame.name);
    if (frame.kind === 'operation') {
      const input = frame.input === null ? null : lowerFrame(frame.input);
      return lowerOperation({ frame, input, add, lowerFrame, resolve });
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
  return { nodes, output };
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

import { assert } from '@floe/errors';
import type { DataType, Schema } from '../data-type.ts';
import type { Problems } from '../problems.ts';
import type { Argument, Expression, Frame, Literal, Program, Statement } from '../program.ts';
import { analyseExpression } from './analyse-expression.ts';
import type { ExpressionContext, Output } from './expression-context.ts';
import { analyseOperation } from './analyse-operation.ts';
import type { FrameState } from './frame-state.ts';
import type { OperationContext } from './operation-context.ts';

export type ProgramContext = {
  /** The schema of each input, by its name. */
  readonly inputs: Readonly<Record<string, Schema>>;
  /** The types of the workflow's parameters; without it they are not checked. */
  readonly parameters?: Readonly<Record<string, DataType>> | undefined;
  /** Hears of every frame on the way. */
  readonly onFrame?: (state: FrameState, frame: Extract<Frame, { kind: 'operation' }>) => void;
};

const NOTHING_HIDDEN: ReadonlySet<string> = new Set();
const EMPTY: FrameState = { columns: [], dependencies: [], inputs: [], isOpen: true };

/** What is known about the result of a program: its columns, their types, and where they come from. */
export function analyseProgram(
  program: Program,
  context: ProgramContext,
  problems: Problems,
): FrameState {
  const analysis = createAnalysis(program.statements, context, problems);
  let result: FrameState | undefined;
  for (const { frame } of program.statements) result = analysis.stateOf(frame);
  assert(result, 'a program has a statement');
  return result;
}

/** Looks at frames one after the other, at each of them once. The statements may become more meanwhile. */
export type ProgramAnalysis = {
  readonly stateOf: (frame: Frame) => FrameState;
  readonly outputsOf: (items: readonly Expression[], on: FrameState) => readonly Output[] | null;
};

export function createAnalysis(
  statements: readonly Statement[],
  context: ProgramContext,
  problems: Problems,
): ProgramAnalysis {
  const states = new Map<Frame, FrameState>();

  const stateOf = (frame: Frame): FrameState => {
    if (frame.kind === 'statement') {
      const statement = statements[frame.index];
      return statement === undefined ? EMPTY : stateOf(statement.frame);
    }
    if (frame.kind === 'input')
      return inputState(frame.name, context.inputs, () => reportInput(frame, problems));
    const known = states.get(frame);
    if (known !== undefined) return known;
    const input = frame.input === null ? EMPTY : stateOf(frame.input);
    const state = analyseOperation(
      operationContext({ frame, input, analyseFrame: stateOf, context, problems }),
    );
    states.set(frame, state);
    context.onFrame?.(state, frame);
    return state;
  };
  return {
    stateOf,
    outputsOf: (items, frame) =>
      outputsOf(
        { kind: 'expressions', items, span: NOWHERE },
        { frame, problems, parameters: context.parameters, hidden: NOTHING_HIDDEN },
      ),
  };
}

const NOWHERE = { from: 0, to: 0 };

function reportInput({ name, span }: Extract<Frame, { kind: 'input' }>, problems: Problems): void {
  problems.add(span, `the schema of the input "${name}" is not known`);
}

function inputState(
  name: string,
  schemas: ProgramContext['inputs'],
  reportMissing: () => void,
): FrameState {
  const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
  if (schema === undefined) {
    reportMissing();
    return EMPTY;
  }
  const columns = schema.map((column) => ({
    ...column,
    edges: [
      {
        input: name,
        column: column.name,
        how: 'value',
        transformation: 'identity',
        isMasked: false,
      } as const,
    ],
  }));
  return { columns, dependencies: [], inputs: [name], isOpen: false };
}

type Analysis = {
  readonly frame: Extract<Frame, { kind: 'operation' }>;
  readonly input: FrameState;
  readonly analyseFrame: (frame: Frame) => FrameState;
  readonly context: ProgramContext;
  readonly problems: Problems;
};

function operationContext({
  frame,
  input,
  analyseFrame,
  context,
  problems,
}: Analysis): OperationContext {
  const literal = (name: string): Literal | undefined => {
    const argument = frame.arguments[name];
    const constant = argument?.kind === 'constants' ? argument.items[0] : undefined;
    return constant?.kind === 'literal' ? constant.literal : undefined;
  };
  return {
    operation: frame,
    input,
    problems,
    frames: (name) => {
      const argument = frame.arguments[name];
      return argument?.kind === 'frames' ? argument.items.map(analyseFrame) : [];
    },
    outputsOf: (argument, of, hidden = NOTHING_HIDDEN) =>
      outputsOf(argument, { frame: of, problems, parameters: context.parameters, hidden }),
    names: (name) => {
      const argument = frame.arguments[name];
      return argument?.kind === 'names' ? argument.names : null;
    },
    literal,
    text: (name) => {
      const value = literal(name);
      return value?.kind === 'string' ? value.value : undefined;
    },
    flag: (name) => {
      const value = literal(name);
      return value?.kind === 'boolean' ? value.value : undefined;
    },
  };
}

/** All expressions are looked at, so that each of their problems is reported. */
function outputsOf(
  argument: Argument | undefined,
  context: ExpressionContext,
): readonly Output[] | null {
  const items = argument?.kind === 'expressions' ? argument.items : [];
  const outputs = items.map((item) => analyseExpression(item, context));
  return outputs.includes(null) ? null : outputs.filter((output) => output !== null).flat();
}

import type { FrameNode } from '../frame-plan.ts';
import type { Json } from '../json.ts';
import type { Argument, Expression, Frame, Literal } from '../program.ts';
import {
  constantItems,
  expressionsOf,
  flagOf,
  integerOf,
  lowerExpression,
  repeatFlags,
  resolveConstant,
  textOf,
  type Resolve,
} from './lower-expression.ts';

type Operation = Extract<Frame, { kind: 'operation' }>;

export type OperationToLower = {
  readonly frame: Operation;
  readonly input: number | null;
  readonly add: (node: FrameNode) => number;
  readonly lowerFrame: (frame: Frame) => number;
  readonly resolve: Resolve;
};

/** What the lowerings of single methods see of an operation. */
export type Context = {
  readonly input: number;
  readonly method: string;
  readonly add: (node: FrameNode) => number;
  readonly argument: (name: string) => Argument | undefined;
  readonly has: (name: string) => boolean;
  readonly expressions: (name: string) => readonly Json[];
  readonly names: (name: string) => readonly string[] | null;
  readonly frames: (name: string) => readonly number[];
  readonly flag: (name: string) => boolean;
  readonly flags: (name: string, count: number) => readonly boolean[];
  readonly text: (name: string) => string;
  readonly textOrNull: (name: string) => string | null;
  readonly flagOrNull: (name: string) => boolean | null;
  readonly integer: (name: string) => number;
  readonly integerOrNull: (name: string) => number | null;
  /** A constant of whatever kind it is. */
  readonly literal: (name: string) => Literal;
};

export function contextOf({ frame, input, add, lowerFrame, resolve }: OperationToLower): Context {
  const argument = (name: string): Argument | undefined => frame.arguments[name];
  const one = (name: string, wanted: Literal['kind']): Literal => {
    const [constant] = constantItems(argument(name));
    return constant === undefined ? { kind: 'null' } : resolveConstant(constant, wanted, resolve);
  };
  const lowerAll = (items: readonly Expression[]): readonly Json[] =>
    items.map((item) => lowerExpression(item, resolve));
  const isNull = (name: string): boolean => one(name, 'null').kind === 'null';
  const text = (name: string): string => textOf(name, one(name, 'string'));
  const flag = (name: string): boolean => flagOf(name, one(name, 'boolean'));
  const integer = (name: string): number => Number(integerOf(name, one(name, 'integer')));
  return {
    input: input ?? 0,
    method: frame.method,
    add,
    argument,
    has: (name) => argument(name) !== undefined,
    expressions: (name) => lowerAll(expressionsOf(argument(name))),
    names: (name) => namesOf(argument(name)),
    frames: (name) => framesOf(argument(name)).map(lowerFrame),
    flag,
    flags: (name, count) => {
      const given = constantItems(argument(name)).map((each) =>
        flagOf(name, resolveConstant(each, 'boolean', resolve)),
      );
      return repeatFlags(given, count);
    },
    text,
    textOrNull: (name) => (isNull(name) ? null : text(name)),
    flagOrNull: (name) => (isNull(name) ? null : flag(name)),
    integer,
    integerOrNull: (name) => (isNull(name) ? null : integer(name)),
    literal: (name) => one(name, 'null'),
  };
}

function namesOf(argument: Argument | undefined): readonly string[] | null {
  return argument?.kind === 'names' ? argument.names.map(({ name }) => name) : null;
}

function framesOf(argument: Argument | undefined): readonly Frame[] {
  return argument?.kind === 'frames' ? argument.items : [];
}

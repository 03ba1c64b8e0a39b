import type { Problems } from '../problems.ts';
import type { Argument, Frame, Literal, Name } from '../program.ts';
import type { Output } from './expression-context.ts';
import type { FrameState } from './frame-state.ts';

/** What the rules of single frame methods see of an operation. */
export type OperationContext = {
  readonly operation: Extract<Frame, { kind: 'operation' }>;
  readonly input: FrameState;
  readonly problems: Problems;
  readonly frames: (name: string) => readonly FrameState[];
  /** Outputs of the expressions of an argument on a frame; null when something was reported. */
  readonly outputsOf: (
    argument: Argument | undefined,
    frame: FrameState,
    hidden?: ReadonlySet<string>,
  ) => readonly Output[] | null;
  readonly names: (name: string) => readonly Name[] | null;
  readonly literal: (name: string) => Literal | undefined;
  readonly text: (name: string) => string | undefined;
  readonly flag: (name: string) => boolean | undefined;
};

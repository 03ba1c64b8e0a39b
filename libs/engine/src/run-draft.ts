import { assert } from '@floe/errors';
import { applyInput } from './apply-input.ts';
import { Draft } from './draft.ts';
import type { RunGraph } from './graph.ts';
import type { Applied, Input, World } from './input.ts';
import type { RunHead, RunState, TaskState } from './state.ts';

/** A run to which inputs are applied one after the other; the state that results is made once, by `finish`. */
export type RunDraft = {
  /** The run as the inputs so far have made it, without its tasks. */
  head(): RunHead;
  task(index: number): TaskState;
  apply(input: Input, world: World): Applied;
  /** The state after all inputs, and the tasks of which something is to be stored. The draft is of no use afterwards. */
  finish(): { readonly state: RunState; readonly tasks: readonly number[] };
};

/** Opens a run for a batch of inputs. None of them costs a walk over all tasks, save `start`, `cancel` and a due `wake`. */
export function openDraft(graph: RunGraph, state: RunState): RunDraft {
  const draft = new Draft(graph, state);
  let isFinished = false;
  return {
    head: () => ({ ...draft.run, counts: { ...draft.counts }, wakeAt: draft.wakeAt }),
    task: (index) => draft.task(index),
    apply(input, world) {
      assert(!isFinished, 'the draft is finished');
      draft.world = world;
      const refusal = applyInput(draft, input);
      const commands = draft.takeCommands();
      if (refusal === undefined) return { kind: 'changed', commands };
      assert(commands.length === 0, `a refused ${input.type} changes nothing`); // E3
      return { kind: 'refused', refusal };
    },
    finish() {
      isFinished = true;
      return draft.finish();
    },
  };
}

import type { Targets } from '@floe/scheduling';
import { LoadWork } from '../target/load-work.ts';
import type { Process } from '../world/process.ts';
import type { World } from './world.ts';

/** The way of a scheduler to the target, through metadata, which adds nothing but time and a second chance to be lost. */
export function targetsOf(world: World, process: Process): Targets {
  const fence = { checksEpoch: true, checksDone: true, marksVoid: true, ...world.seams.load };
  const shared = { ...world, fence, dice: world.diceOf(`${process.name} targets`) };
  return {
    async ruleOut({ runId, plan, state }, task) {
      const { id: taskId } = plan.workflow.tasks[task]!;
      const { epoch } = state.tasks[task]!;
      const load = { runId, taskId, epoch, rows: 0, copyMs: 0 };
      const done = await new LoadWork(shared, process, load).ruleOut();
      return { isVoid: done === undefined, rows: done ?? 0, bytes: done ?? 0 };
    },
  };
}

import { FloeError } from '@floe/errors';
import { parametersOfSlot, timetableOf, type Schedule } from '@floe/schedule';
import { bindParameters } from '@floe/workflow';
import { newRecord } from '../rpc/start-run.ts';
import type { NewRun, SlotRun } from '@floe/scheduling';
import { findLatestVersion } from '../store/find-version.ts';
import type { ScheduleContext } from './context.ts';

/** The run of a slot: of the newest version, in a trace of its own. Throws what makes it impossible. */
export async function slotRun(context: ScheduleContext, wanted: SlotRun): Promise<NewRun> {
  const { workflowName, schedule, slot, requestId, trigger } = wanted;
  const version = await findLatestVersion(context.db, workflowName);
  if (version === undefined) {
    throw new FloeError('WORKFLOW_NOT_FOUND', `the workflow ${workflowName} was deleted`);
  }
  const plan = await context.plans.get(workflowName, version);
  const parameters = bindParameters(plan.workflow, givenBySlot(context, schedule, slot));
  const caller = { traceparent: '' };
  return { record: newRecord({ context, plan, caller, version, parameters, trigger }), requestId };
}

function givenBySlot({ zones }: ScheduleContext, schedule: Schedule, slot: number) {
  const timetable = timetableOf(schedule, zones);
  const zone = zones.find(schedule.timezone);
  if (timetable === undefined || zone === undefined) {
    throw new FloeError('PARAMETER_INVALID', `no time zone is named ${schedule.timezone}`);
  }
  return parametersOfSlot(schedule, { slot, timetable, zone });
}

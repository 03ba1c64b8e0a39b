import type { JsonObject, Run } from '@floe/client';
import { floe } from '../api.ts';
import { useAnswer } from '../use-answer.ts';

/** The normalised document that a run goes by; undefined until it was read. */
export function useDocument({ workflowName: name, workflowVersion: version }: Run) {
  return useAnswer({
    key: `document ${name} ${version}`,
    call: async (): Promise<JsonObject> =>
      (await floe.getWorkflow(name, { version })).version?.document ?? {},
  }).value;
}

import { canonicalJson, parametersIn, type Workflow } from '@floe/workflow';

/** What the key of a result is made of, as far as a version of the workflow says it. */
export type KeptTask = {
  /** The type with its version, the fields of the task, and its contract: equal texts for equal work. */
  readonly text: string;
  /** Parameters that the text refers to: others do not matter. */
  readonly parameters: readonly string[];
  /** A text of the document that belongs to the key. */
  readonly key?: string;
  /** How old a result may be to be used. */
  readonly ttlMs?: number;
};

/** The tasks of a workflow whose results are kept for later runs, by their positions. Few workflows have any. */
export function keptTasksOf(
  { tasks }: Workflow,
  versionOf: (taskType: string) => number,
): ReadonlyMap<number, KeptTask> {
  const kept = new Map<number, KeptTask>();
  for (const [index, { type, config, contract, cache, partitions }] of tasks.entries()) {
    // A part is no result.
    if (cache === undefined || partitions !== undefined) continue;
    const text = canonicalJson({ type, version: versionOf(type), config, contract });
    kept.set(index, { text, parameters: parametersIn(config), ...cache });
  }
  return kept;
}

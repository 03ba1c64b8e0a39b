import type { ParameterValue } from '@floe/expression';
import type { ItemSource, RunGraph } from '../graph.ts';

/** Whether the items of a task are partitions of one dataset. */
export function isPartitioned({ tasks }: RunGraph, index: number): boolean {
  const work = tasks[index]?.work;
  return work?.kind === 'items' && work.source.from === 'partitions';
}

type Parameters = Readonly<Record<string, ParameterValue>> | undefined;

/** How many items there are; undefined where the parameter holds no list, or the upstream task made no rows. */
export function countItems(
  source: ItemSource,
  known: { readonly parameters: Parameters; readonly rowsOf: (task: number) => number | undefined },
): number | undefined {
  switch (source.from) {
    case 'list':
    case 'partitions':
      return source.count;
    case 'parameter':
      return listParameter(source.name, known.parameters)?.length;
    case 'rows':
      return known.rowsOf(source.task);
  }
}

/** The list that a text parameter holds, as JSON. */
export function listParameter(
  name: string,
  parameters: Parameters,
): readonly unknown[] | undefined {
  const value = parameters?.[name];
  if (value?.kind !== 'string') return undefined;
  try {
    const list: unknown = JSON.parse(value.value);
    return Array.isArray(list) ? list : undefined;
  } catch {
    // A text that is no JSON is no list; whoever asks says so with the name of the task.
    return undefined;
  }
}

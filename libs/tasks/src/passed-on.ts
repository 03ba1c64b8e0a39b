import type { ColumnLineage, Schema } from '@floe/expression';

/** The lineage of a task that gives its one input on as it is. */
export function passedOn(
  inputs: ReadonlyMap<string, Schema | undefined>,
): ColumnLineage | undefined {
  const [entry] = inputs;
  if (entry?.[1] === undefined) return undefined;
  const [input, schema] = entry;
  const columns = schema.map(({ name }) => ({
    name,
    sources: [
      { input, column: name, how: 'value', transformation: 'identity', isMasked: false } as const,
    ],
  }));
  return { columns, dependencies: [], inputs: [input] };
}

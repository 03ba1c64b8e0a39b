import type { CustomTask } from '@floe/client/tasks';
import type { TaskDefinition } from '@floe/workflow';
import { columnsOf } from './custom-columns.ts';
import { configOf, connectionFieldsOf, textFieldsOf } from './custom-fields.ts';

/** A task type of a package, as the document knows it. Its code runs in a worker: it may crash, or take what memory it finds. */
export function toDefinition(task: CustomTask): TaskDefinition {
  const { type, description, fields = {}, inputs = { min: 0, max: 0 }, outside = 'changed' } = task;
  const named = connectionFieldsOf(fields);
  const leadsToHttp = named.some((name) => fields[name]?.connection === 'http');
  return {
    type,
    description,
    config: configOf(fields),
    inputs,
    produces: task.columns === undefined ? 'nothing' : 'dataset',
    lane: 'slot',
    outside,
    textFields: textFieldsOf(fields),
    ...(leadsToHttp && { opens: 'http' }),
    connections: (config) => named.flatMap((name) => connectionNames(config[name])),
    outputSchema: ({ config, inputs: known }) =>
      columnsOf(task, { fields: config, inputs: Object.fromEntries(known) }),
  };
}

function connectionNames(value: unknown): readonly string[] {
  return typeof value === 'string' && value !== '' ? [value] : [];
}

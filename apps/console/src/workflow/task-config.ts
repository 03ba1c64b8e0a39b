import type { JsonObject } from '@floe/client';

/** What only the type of a task knows, out of a normalised document; its tasks are a list. */
export function taskConfig(document: JsonObject | undefined, taskId: string): JsonObject {
  const tasks = document?.['tasks'];
  if (!Array.isArray(tasks)) return {};
  const task = (tasks as readonly JsonObject[]).find(({ id }) => id === taskId);
  return (task?.['config'] as JsonObject | undefined) ?? {};
}

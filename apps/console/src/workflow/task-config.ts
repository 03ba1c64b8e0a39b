import type { JsonObject } from '@floe/client';

/** A task out of a normalised document; its tasks are a list. */
export function taskEntry(document: JsonObject | undefined, taskId: string): JsonObject {
  const tasks = document?.['tasks'];
  if (!Array.isArray(tasks)) return {};
  return (tasks as readonly JsonObject[]).find(({ id }) => id === taskId) ?? {};
}

/** What only the type of the task knows. */
export function taskConfig(document: JsonObject | undefined, taskId: string): JsonObject {
  return (taskEntry(document, taskId)['config'] as JsonObject | undefined) ?? {};
}

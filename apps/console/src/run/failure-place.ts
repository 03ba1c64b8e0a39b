import type { JsonObject } from '@floe/client';
import { taskConfig } from '../workflow/task-config.ts';

export type FailurePlace = {
  readonly line: number;
  readonly column: number;
  readonly text: string;
};

// The fields of a task that hold a text of its own, whose lines failures name.
const TEXT_FIELDS = ['polars', 'sql', 'query'];

/** The line that a failure names, out of the task's text; undefined where it names none. */
export function failurePlace(
  document: JsonObject,
  taskId: string,
  details: Readonly<Record<string, string>>,
): FailurePlace | undefined {
  const line = Number(details['line']);
  const column = Number(details['column_number'] ?? details['column']);
  const source = TEXT_FIELDS.map((field) => textOf(document, taskId, field)).find(
    (text) => text !== undefined,
  );
  const text = source?.split('\n')[line - 1];
  if (text === undefined || !Number.isInteger(line)) return undefined;
  return { line, text, column: Number.isInteger(column) && column > 0 ? column : 1 };
}

function textOf(document: JsonObject, taskId: string, field: string): string | undefined {
  const text = taskConfig(document, taskId)[field];
  return typeof text === 'string' ? text : undefined;
}

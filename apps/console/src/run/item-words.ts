/** What the items of a task are called, as its document has them. */
import type { JsonObject, JsonValue } from '@floe/client';
import { taskEntry } from '../workflow/task-config.ts';

export type ItemWords = {
  /** Parts of one extract are no items that somebody has named. */
  readonly word: 'item' | 'partition';
  /** By position; empty where only the run has known them, like the rows of another task. */
  readonly values: readonly string[];
};

type Source = {
  readonly from: 'list' | 'parameter' | 'rows';
  readonly values?: readonly { readonly value: string | number | boolean }[];
  readonly name?: string;
};

/** `parameters` are those of the run: one of them may hold the items as a JSON list. */
export function itemWords(
  document: JsonObject,
  taskId: string,
  parameters: JsonObject = {},
): ItemWords {
  const foreach = taskEntry(document, taskId)['foreach'] as { source: Source } | undefined;
  if (foreach === undefined) return { word: 'partition', values: [] };
  const { from, values = [], name = '' } = foreach.source;
  if (from === 'list') return { word: 'item', values: values.map(({ value }) => String(value)) };
  const listed = from === 'parameter' ? parseList(parameters[name]) : [];
  return { word: 'item', values: listed.map(String) };
}

function parseList(text: JsonValue | undefined): readonly unknown[] {
  try {
    const value: unknown = typeof text === 'string' ? JSON.parse(text) : undefined;
    return Array.isArray(value) ? value : [];
  } catch {
    // The run has failed for it: there are no items.
    return [];
  }
}

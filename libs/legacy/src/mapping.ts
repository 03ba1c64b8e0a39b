import type { Graph } from './check-graph.ts';
import type { LegacyConnection } from './connection.ts';
import type { LegacyNode } from './legacy-workflow.ts';
import { freeName, type Digest } from './names.ts';
import type { Reading } from './reading.ts';

/** The rows of a node, as the tasks behind it name them. */
export type Rows = {
  readonly task: string;
  /** Names of the columns where the document says them all. */
  readonly columns: readonly string[] | undefined;
};

/** A task of the document that is made. */
export type MadeTask = { readonly id: string; readonly fields: Readonly<Record<string, unknown>> };

/** What a workflow is turned into, node by node. */
export type Mapping = {
  readonly graph: Graph;
  readonly reading: Reading;
  readonly digest: Digest;
  readonly names: ReadonlyMap<string, string>;
  readonly taken: Set<string>;
  readonly rows: Map<string, Rows>;
  /** Tasks by the node whose work they do. */
  readonly tasks: Map<string, MadeTask[]>;
  readonly connections: Map<string, LegacyConnection>;
  /** Whether some task computes with values, so that numbers have to be numbers. */
  readonly computes: boolean;
};

/** Adds a task for a node. The last one of a node has its name; what it needs before has a name made of it. */
export function addTask(
  mapping: Mapping,
  node: LegacyNode,
  { fields, suffix }: { readonly fields: MadeTask['fields']; readonly suffix?: string },
): string {
  const name = mapping.names.get(node.id) ?? node.id;
  const id = suffix === undefined ? name : freeName(`${name}_${suffix}`, mapping.taken);
  const made = mapping.tasks.get(node.id) ?? [];
  mapping.tasks.set(node.id, [...made, { id, fields }]);
  return id;
}

/** The rows of all parents of a node that have some; those that were refused have none. */
export function parentRows(mapping: Mapping, node: LegacyNode): readonly Rows[] {
  const parents = mapping.graph.parents.get(node.id) ?? [];
  const rows = parents.flatMap((parent) => mapping.rows.get(parent) ?? []);
  return [...new Map(rows.map((each) => [each.task, each])).values()];
}

/** Targets that a node comes after: they have no rows of their own to say so. */
export function targetsBefore(mapping: Mapping, node: LegacyNode): readonly string[] {
  const parents = mapping.graph.parents.get(node.id) ?? [];
  return parents.flatMap((parent) => {
    const task = mapping.names.get(parent);
    const rows = mapping.rows.get(parent);
    return task === undefined || rows === undefined || rows.task === task ? [] : [task];
  });
}

/** Whether two lists of columns are the same, in the same order. */
export function sameColumns(
  left: readonly string[] | undefined,
  right: readonly string[] | undefined,
): boolean {
  if (left === undefined || right === undefined) return false;
  return left.length === right.length && left.every((name, index) => name === right[index]);
}

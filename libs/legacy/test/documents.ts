import { createHash } from 'node:crypto';
import { importWorkflow, type ImportedWorkflow, type Json } from '../src/index.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export type Node = Record<string, Json>;

export function source(changes: Node = {}): Node {
  return {
    node_name: 'Source',
    connector_type: 'postgresql',
    connector_category: 'Databases',
    sequence: 1,
    dbDetails: { db: 'hr', schema: 'public', table: 'employees' },
    ...changes,
  };
}

export function transformation(type: string, changes: Node = {}): Node {
  return {
    node_name: `A ${type}`,
    connector_type: type,
    connector_category: 'Transformations',
    sequence: 2,
    ...changes,
  };
}

export function target(changes: Node = {}): Node {
  return {
    node_name: 'Target',
    connector_type: 'postgresql',
    connector_category: 'Databases',
    sequence: 3,
    dbDetails: { db: 'dwh', table: 'result' },
    ...changes,
  };
}

/** A column of a transformation. */
export function column(name: string, expression?: string, selected = true): Node {
  return {
    name,
    selected,
    ...(expression === undefined ? {} : { expression: { value: expression } }),
  };
}

/** Nodes one after the other, or with the parents that are given. */
export function importNodes(
  nodes: Record<string, Node>,
  dependencies: Record<string, Json> = chain(Object.keys(nodes)),
): ImportedWorkflow {
  const document = {
    workflow_id: 'wf',
    workflow_name: 'A workflow',
    connectionInformation_v1: nodes,
    dependencies,
  };
  return importWorkflow(document, sha256);
}

function chain(ids: readonly string[]): Record<string, Json> {
  return Object.fromEntries(
    ids.map((id, index) => [id, index === 0 ? [] : [ids[index - 1] ?? '']]),
  );
}

import { stringify } from 'yaml';
import type { LegacyConnection } from './connection.ts';
import { connectorTypeOf } from './connector-types.ts';
import type { LegacyNode } from './legacy-workflow.ts';
import { mapSource } from './map-source.ts';
import { mapTarget } from './map-target.ts';
import { mapTransformation } from './map-transformation.ts';
import { addTask, parentRows, targetsBefore, type MadeTask, type Mapping } from './mapping.ts';
import { taskNames, workflowNameOf, type Digest } from './names.ts';
import type { ReadLegacy } from './read-workflow.ts';

/** What Floe makes of a document. */
export type MadeWorkflow = {
  readonly name: string;
  /** The document; undefined when something in it was refused. */
  readonly document: object | undefined;
  /** The same as YAML. */
  readonly source: string | undefined;
  /** Tasks by node. */
  readonly taskIds: ReadonlyMap<string, readonly string[]>;
  readonly connections: readonly LegacyConnection[];
};

/** Turns every node into tasks, in the order of the graph. What cannot be turned is refused in `reading`. */
export function toFloe(read: ReadLegacy, digest: Digest): MadeWorkflow {
  const { workflow, graph, reading } = read;
  const names = taskNames(workflow.nodes);
  const mapping: Mapping = {
    graph,
    reading,
    digest,
    names,
    taken: new Set(names.values()),
    rows: new Map(),
    tasks: new Map(),
    connections: new Map(),
    computes: workflow.nodes.some(({ kind }) => kind === 'transformation'),
  };
  for (const node of graph.order ?? []) mapNode(mapping, node);
  const name = workflowNameOf(workflow.workflowId, workflow.workflowName, digest);
  const isWhole = reading.refusals.length === 0 && mapping.tasks.size > 0;
  const document = isWhole ? documentOf(name, read, mapping) : undefined;
  return {
    name,
    document,
    source: document && stringify(document, { lineWidth: 0, blockQuote: 'literal' }),
    taskIds: new Map(
      [...mapping.tasks].map(([id, tasks]) => [id, isWhole ? tasks.map((task) => task.id) : []]),
    ),
    connections: [...mapping.connections.values()],
  };
}

function mapNode(mapping: Mapping, node: LegacyNode): void {
  const type = connectorTypeOf(node.connectorType);
  const isFitting = node.kind === 'transformation' ? type !== 'postgresql' : type === 'postgresql';
  if (type === undefined || !isFitting) mapUnsupported(mapping, node);
  else if (node.kind === 'source') mapSource(mapping, node);
  else if (node.kind === 'target') mapTarget(mapping, node);
  else mapTransformation(mapping, node);
}

/** What Floe has no task for stays in its place and is refused by its name when it is run. */
function mapUnsupported(mapping: Mapping, node: LegacyNode): void {
  const connector = node.connectorType.trim() === '' ? 'none' : node.connectorType;
  mapping.reading.note(
    node.path,
    `${node.name} is a ${node.kind} of the type ${connector}, which Floe has no task for; a run stops there`,
  );
  const inputs = parentRows(mapping, node).map((rows) => rows.task);
  const task = addTask(mapping, node, {
    fields: {
      type: 'unsupported',
      ...(inputs.length > 0 ? { inputs } : {}),
      connector: connector.slice(0, 200),
    },
  });
  mapping.rows.set(node.id, { task, columns: undefined });
}

// What the old service did with a task that failed.
const DEFAULTS = { retries: { max: 3, delay: '30s', backoff: 1 } };
const DESCRIPTION_LENGTH_MAX = 1_000;

function documentOf(name: string, { workflow }: ReadLegacy, mapping: Mapping): object {
  const tasks = workflow.nodes.flatMap((node) =>
    (mapping.tasks.get(node.id) ?? []).map(
      (task) => [task.id, fieldsOf(mapping, node, task)] as const,
    ),
  );
  return {
    name,
    description: descriptionOf(workflow.workflowName, [
      workflow.workspaceName,
      workflow.folderName,
      workflow.jobName,
    ]),
    defaults: DEFAULTS,
    ...notifyOf(workflow),
    tasks: Object.fromEntries(tasks),
  };
}

// What a document of Floe takes as one address.
const MAIL_ADDRESS = /^[^\s@<>(),;:"\\[\]\p{C}]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/iu;
const RECIPIENTS_MAX = 20;

/** The addresses of `notifyEmail`, between commas or semicolons. */
function addressesIn(text: string): readonly string[] {
  return text
    .split(/[\s,;]+/)
    .filter((address) => MAIL_ADDRESS.test(address))
    .slice(0, RECIPIENTS_MAX);
}

function notifyOf(workflow: ReadLegacy['workflow']): { readonly notify?: readonly object[] } {
  const email = addressesIn(workflow.notifyEmail);
  const on = [
    ...(workflow.onSuccessNotify ? ['succeeded'] : []),
    ...(workflow.onFailureNotify ? ['failed'] : []),
  ];
  return email.length === 0 || on.length === 0 ? {} : { notify: [{ on, email }] };
}

function descriptionOf(name: string, path: readonly string[]): string {
  const within = path.filter((part) => part !== '').join(' / ');
  return `${name}${within === '' ? '' : ` (${within})`}`.slice(0, DESCRIPTION_LENGTH_MAX);
}

function fieldsOf(mapping: Mapping, node: LegacyNode, task: MadeTask): Record<string, unknown> {
  const { type, inputs, ...rest } = task.fields;
  const needs = targetsBefore(mapping, node).concat(
    node.kind === 'source' ? parentRows(mapping, node).map((rows) => rows.task) : [],
  );
  return {
    type,
    ...(node.name === task.id ? {} : { description: node.name.slice(0, DESCRIPTION_LENGTH_MAX) }),
    ...(inputs === undefined ? {} : { inputs }),
    ...(needs.length === 0 ? {} : { needs: [...new Set(needs)] }),
    ...rest,
  };
}

import { nearestName, type Violation } from '@floe/errors';
import { inDocument } from '@floe/plan';
import { TASK_TYPES } from '@floe/tasks';
import type { ConnectionKind, ReadWorkflow } from '@floe/workflow';
import { NAMES_MAX } from '../limits.ts';
import type { RpcContext } from '../rpc/context.ts';
import { type ConnectionRow, listConnections, findConnection } from '../store/connections.ts';

export type FoundConnections = {
  readonly rows: ReadonlyMap<string, ConnectionRow>;
  readonly violations: readonly Violation[];
};

/** The connections that a workflow names. One that is not there is a violation at each task that names it. */
export async function findConnections(
  context: RpcContext,
  { workflow, source, unclear }: Pick<ReadWorkflow, 'workflow' | 'source' | 'unclear'>,
): Promise<FoundConnections> {
  const known = await listConnections(context.db, { after: '', limit: NAMES_MAX });
  const rows = new Map(known.map((row) => [row.name, row]));
  const violations: Violation[] = [];
  for (const task of workflow.tasks) {
    // The rules of a task type read only a configuration that was found good.
    if (unclear.has(task.id)) continue;
    const definition = TASK_TYPES.get(task.type);
    const { opens = 'postgres' } = definition ?? {};
    for (const name of definition?.connections(task.config) ?? []) {
      const row = rows.get(name) ?? (await findBeyond(context, known, name));
      if (row !== undefined) rows.set(name, row);
      const problem = row === undefined ? notFound(name, rows.keys()) : otherKind(row, opens);
      if (problem !== undefined) violations.push(...inDocument(task.id, [problem], source));
    }
  }
  return { rows, violations };
}

/** When the first names are all there are, no other has to be asked for. */
async function findBeyond(
  context: RpcContext,
  known: readonly ConnectionRow[],
  name: string,
): Promise<ConnectionRow | undefined> {
  return known.length < NAMES_MAX ? undefined : findConnection(context.db, name);
}

const KIND_WORDS: Readonly<Record<string, string>> = {
  postgres: 'a PostgreSQL database',
  http: 'an HTTP API',
};

function otherKind({ name, kind }: ConnectionRow, wanted: ConnectionKind): Violation | undefined {
  if (kind === wanted) return undefined;
  const message = `\`${name}\` leads to ${KIND_WORDS[kind]}, and this task needs ${KIND_WORDS[wanted]}`;
  const address = wanted === 'http' ? 'https://...' : 'postgres://...';
  const hint = `Name another one, or make it: floe connections set NAME ${address}`;
  return { field: 'connection', message, hint };
}

function notFound(name: string, known: Iterable<string>): Violation {
  const nearest = nearestName(name, known);
  const hint =
    nearest === undefined
      ? `Make it: floe connections set ${name} ...`
      : `Did you mean \`${nearest}\`?`;
  return { field: 'connection', message: `no connection is named \`${name}\``, hint };
}

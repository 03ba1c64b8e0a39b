/** What an import leaves in the control database, for tests of those who call as they always did. */
import { querySql } from './database.ts';
import type { TestFloe } from './test-floe.ts';

export type OldNode = {
  readonly id: string;
  readonly name: string;
  readonly type: 'source' | 'transformation' | 'target';
  readonly connector: string;
  readonly parents: readonly string[];
  readonly tasks: readonly string[];
};

export type OldWorkflow = {
  readonly id: string;
  readonly name: string;
  readonly status?: string;
  /** Null: refused. */
  readonly floeWorkflow: string | null;
  readonly refusals?: readonly object[];
  readonly nodes: readonly OldNode[];
};

/** SQL in the control database. */
export function controlSql<Row extends object>(
  { endpoints }: Pick<TestFloe, 'endpoints'>,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const { postgres } = endpoints;
  const control = { ...postgres, demoDatabase: postgres.controlDatabase };
  return querySql<Row>({ ...endpoints, postgres: control }, text, values);
}

export async function storeOldWorkflow(floe: TestFloe, workflow: OldWorkflow): Promise<void> {
  await controlSql(
    floe,
    `insert into floe.legacy_workflow (workflow_id, workspace_id, workspace_name, folder_id, folder_name, job_id, job_name,
       workflow_name, status, created_by, created_at, document, floe_workflow, refusals, checksum, mapping_version)
     values ($1, 'ws-1', 'People', 'f-1', 'HR', 'j-1', 'Nightly', $2, $3, 'ada', '2025-01-01T00:00:00Z', '{}', $4, $5,
       'x', 1)`,
    [
      workflow.id,
      workflow.name,
      workflow.status ?? 'Active',
      workflow.floeWorkflow,
      JSON.stringify(workflow.refusals ?? []),
    ],
  );
  for (const [position, node] of workflow.nodes.entries()) {
    await controlSql(
      floe,
      `insert into floe.legacy_node (workflow_id, node_id, position, node_name, node_type, connector_type,
         connector_category, sequence_number, task_ids)
       values ($1, $2, $3, $4, $5, $6, $7, $3 + 1, $8)`,
      [
        workflow.id,
        node.id,
        position,
        node.name,
        node.type,
        node.connector,
        node.type === 'transformation' ? 'Transformations' : 'Databases',
        node.tasks,
      ],
    );
    for (const parent of node.parents) {
      await controlSql(floe, `insert into floe.legacy_dependency values ($1, $2, $3)`, [
        workflow.id,
        node.id,
        parent,
      ]);
    }
  }
}

export const EMPLOYEES_DOCUMENT = `name: employee-pipeline
tasks:
  src:
    type: postgres_extract
    connection: source
    query: select employee_id, salary from employees where employee_id > 0
  high:
    type: expression_transform
    inputs: [src]
    polars: src.filter(pl.col("salary") > 70000)
  tgt:
    type: postgres_load
    inputs: [high]
    connection: warehouse
    table: public.employees_high
    mode: truncate
`;

export const EMPLOYEES: OldWorkflow = {
  id: 'wf-employees',
  name: 'Employee pipeline',
  floeWorkflow: 'employee-pipeline',
  nodes: [
    {
      id: 'src',
      name: 'Employees',
      type: 'source',
      connector: 'postgresql',
      parents: [],
      tasks: ['src'],
    },
    {
      id: 'high',
      name: 'High salary',
      type: 'transformation',
      connector: 'filter',
      parents: ['src'],
      tasks: ['high'],
    },
    {
      id: 'tgt',
      name: 'Target',
      type: 'target',
      connector: 'postgresql',
      parents: ['high'],
      tasks: ['tgt'],
    },
  ],
};

export const EMPLOYEE_TABLES = `
  create table employees (employee_id integer, salary double precision);
  insert into employees select i, 50000 + i * 1000 from generate_series(-2, 40) i;
  create table employees_high (employee_id integer, salary double precision);
`;

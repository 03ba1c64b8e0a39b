import type { ParameterValue } from '@floe/expression';
import { describeExtract, type ExtractDescription } from '@floe/tasks/describe';
import type { ParameterSpec, ParameterType, Workflow } from '@floe/workflow';
import { askDatabases, type Asking, type Findings, type Question } from './ask-databases.ts';

export type DescribedExtracts = Findings & {
  readonly byTask: ReadonlyMap<string, ExtractDescription>;
};

/** The columns of every extract whose database answers, and where they come from. */
export async function describeExtracts(asking: Asking): Promise<DescribedExtracts> {
  const byTask = new Map<string, ExtractDescription>();
  const params = sampleParameters(asking.workflow);
  const questions = asking.workflow.tasks.flatMap((task): Question[] => {
    const connection = asking.connections.get(String(task.config['connection']));
    if (task.type !== 'postgres_extract' || connection === undefined) return [];
    if (asking.unclear.has(task.id)) return [];
    const ask: Question['ask'] = async (session) => {
      byTask.set(task.id, await describeExtract(session, task.config, params));
    };
    return [{ task, connection, field: 'query', ask }];
  });
  return { ...(await askDatabases(asking, questions)), byTask };
}

/** Any value of a type stands for all of them: a description looks at types only. */
const SAMPLES: Readonly<Record<ParameterType, string>> = {
  string: '',
  integer: '0',
  float: '0',
  boolean: 'false',
  date: '2000-01-01',
  datetime: '2000-01-01T00:00:00',
};

function sampleParameters(workflow: Workflow): Readonly<Record<string, ParameterValue>> {
  return Object.fromEntries(
    Object.entries(workflow.params).map(([name, spec]) => [name, sampleOf(spec)]),
  );
}

function sampleOf(spec: ParameterSpec): ParameterValue {
  return spec.default ?? { kind: spec.type, value: SAMPLES[spec.type] };
}

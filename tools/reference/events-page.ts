/** The page of events: what is told when, its fields as the messages of gRPC describe them, and an example of each. */
import type { RunStatus, TaskStatus } from '@floe/engine';
import type { ExpandedEvent } from '@floe/scheduling';
import { openApiText } from '@floe/gateway/reference';
import { datasetExamples, rareExamples, runExamples, taskExamples } from './event-examples.ts';

const RUN_MEANS: Readonly<Record<RunStatus, string>> = {
  queued: 'A run was accepted: whatever dies from now on, it ends.',
  running: 'Its first task was given to an executor, or it goes on after a pause.',
  paused: 'Nothing new begins until somebody resumes it.',
  cancelling: 'It is to stop; what runs is being ended.',
  succeeded: 'Every task succeeded or was skipped.',
  failed: 'It has ended, and at least one task failed.',
  cancelled: 'It has ended because somebody stopped it.',
  timed_out: 'It has ended because it took longer than its document allows.',
};

const TASK_MEANS: Readonly<Record<TaskStatus, string>> = {
  pending: 'It waits again: a dataset that it reads is made once more.',
  ready: 'All that it needs is there; an executor may take it.',
  running: 'An executor has taken it.',
  retrying: 'An attempt failed; the next begins at `nextAttemptTime`.',
  succeeded: 'It is done.',
  failed: 'Its last attempt failed.',
  cancelled: 'The run was cancelled before it had ended.',
  timed_out: 'It, or the run, took longer than it may.',
  skipped: 'Its `when` or its `trigger` says that it is not needed.',
  upstream_failed: 'A task that it needs did not succeed.',
};

const OTHER_MEANS: Readonly<Record<string, string>> = {
  'task.recalled': 'It had succeeded, its rows are gone, and it is done once more.',
  'dataset.created': 'The rows of a task are there, and what they are.',
};

type Schema = {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
};

export function eventsPage(notice: string): string {
  const sections = [runExamples(), taskExamples(), datasetExamples()];
  const all = sections.flat();
  return `${notice}
# Events

Everything that happens to a run is told on NATS as a CloudEvent 1.0 (binary mode of its NATS binding), in the order in
which it happened, once it is stored and not before:

\`\`\`
floe.events.<workflow>.<run id>.<run|task|dataset>.<event>
\`\`\`

So \`floe.events.late-flights.>\` is all of a workflow, \`floe.events.*.*.run.failed\` every failure. In names \`_\` is
written \`__\`, and what is no letter, digit or \`-\` as its UTF-8 bytes, each as \`_\` and two hexadecimal digits:
\`upstream_failed\` is told as \`upstream__failed\`.

The stream \`FLOE_EVENTS\` keeps a week of them: read on after the last place that you have worked on. \`floe events tail\`
does, as do [TypeScript and Python](../guides/sdk.md). An event may be stored twice when a scheduler dies; both have one
\`ce-id\`. \`WatchRun\`, and \`GET /api/v1/runs/{id}/events\` as server-sent events, tell the same of one run.

| header | holds |
|---|---|
| \`ce-specversion\` | \`1.0\` |
| \`ce-id\`, \`Nats-Msg-Id\` | the event: of two with the same id one is a repetition |
| \`ce-source\` | \`/workflows/<workflow>\` |
| \`ce-type\` | \`io.floe.<entity>.<event>.v1\` |
| \`ce-subject\` | the id of the run |
| \`ce-time\` | when it happened |
| \`ce-sequence\` | counts the events of the run from 1: a gap is one that was missed |
| \`ce-datacontenttype\` | \`application/json\` |
| \`traceparent\`, \`ce-traceparent\` | the trace of the run, where it is sampled |

The body is \`{"run": …}\`, and \`{"run": …, "taskRun": …}\` of tasks and datasets: both as they were after the event, in
the JSON of \`floe.v1.Run\` and \`floe.v1.TaskRun\`. What has its default (0, empty, none) is left out; 64-bit integers are
text. A body above 240 KiB is \`{"omitted": "…"}\`: ask for the run.

| event | means |
|---|---|
${all.map(({ type }) => `| [\`${type}\`](#${type.replaceAll('.', '')}) | ${meansOf(type)} |`).join('\n')}

## Fields

${fieldTables([...all, ...rareExamples()])}
## Examples

Made by the code that tells subscribers.

${all.map(example).join('\n')}`;
}

function meansOf(type: string): string {
  const [entity = '', name = ''] = type.split('.');
  const status = name === 'started' ? 'running' : name;
  const table: Readonly<Record<string, string>> = entity === 'run' ? RUN_MEANS : TASK_MEANS;
  const means = OTHER_MEANS[type] ?? table[status];
  if (means === undefined) throw new Error(`say in tools/reference what ${type} means`);
  return means;
}

function example({ type, data }: ExpandedEvent): string {
  const { runId, workflowName } = data.run as { runId: string; workflowName: string };
  const tokens = type.replaceAll('_', '__');
  return `### ${type}

${meansOf(type)}

\`\`\`
floe.events.${workflowName}.${runId}.${tokens}
\`\`\`
\`\`\`json
${bodyText(data)}
\`\`\`
`;
}

/** A line for each field of the two messages: as short as it can be and still be read. */
function bodyText(data: ExpandedEvent['data']): string {
  const parts = Object.entries(present(data)).map(([name, message]) => {
    const fields = Object.entries(present(message as object));
    const lines = fields.map(([field, value]) => `    "${field}": ${JSON.stringify(value)}`);
    return `  "${name}": {\n${lines.join(',\n')}\n  }`;
  });
  return `{\n${parts.join(',\n')}\n}`;
}

function present(value: object): object {
  return JSON.parse(JSON.stringify(value)) as object;
}

function fieldTables(events: readonly ExpandedEvent[]): string {
  const { components } = JSON.parse(openApiText()) as {
    components: { schemas: Readonly<Record<string, Schema>> };
  };
  const { schemas } = components;
  const tables: string[] = [];
  const told = new Map<string, Set<string>>();
  for (const { data } of events) collect('Run', data.run, { schemas, told });
  for (const { data } of events) {
    if (data.taskRun !== undefined) collect('TaskRun', data.taskRun, { schemas, told });
  }
  for (const [name, fields] of told) tables.push(fieldTable(name, { schemas, fields }));
  return tables.join('\n');
}

type Collected = {
  readonly schemas: Readonly<Record<string, Schema>>;
  /** Of each message, the fields that events have. */
  readonly told: Map<string, Set<string>>;
};

function collect(name: string, value: object, collected: Collected): void {
  const { schemas, told } = collected;
  const properties = schemas[name]?.properties ?? {};
  const fields = told.get(name) ?? new Set();
  told.set(name, fields);
  for (const [field, inner] of Object.entries(present(value))) {
    const schema = properties[field];
    if (schema === undefined) throw new Error(`floe.v1.${name} has no field ${field}`);
    fields.add(field);
    const message = refOf(schema);
    if (message === undefined || schemas[message]?.properties === undefined) continue;
    const values = (Array.isArray(inner) ? inner : [inner]) as readonly object[];
    for (const each of values) collect(message, each, collected);
  }
}

function refOf(schema: Schema): string | undefined {
  return (schema.$ref ?? schema.items?.$ref)?.split('/').at(-1);
}

type Told = {
  readonly schemas: Readonly<Record<string, Schema>>;
  readonly fields: ReadonlySet<string>;
};

function fieldTable(name: string, { schemas, fields }: Told): string {
  const properties = Object.entries(schemas[name]?.properties ?? {});
  const rows = properties
    .filter(([field]) => fields.has(field))
    .map(([field, schema]) => `| \`${field}\` | ${typeOf(schema, schemas)} | ${meaning(schema)} |`);
  return `### ${name}

| field | type | means |
|---|---|---|
${rows.join('\n')}
`;
}

function meaning({ description = '' }: Schema): string {
  return description.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ');
}

function typeOf(schema: Schema, schemas: Told['schemas']): string {
  const name = refOf(schema);
  const target = name === undefined ? undefined : schemas[name];
  if (target?.enum !== undefined) {
    return target.enum
      .filter((value) => !value.endsWith('_UNSPECIFIED'))
      .map((value) => `\`${value}\``)
      .join(' ');
  }
  const type =
    name === undefined ? plainType(schema.items ?? schema) : `[${name}](#${name.toLowerCase()})`;
  return schema.type === 'array' ? `list of ${type}` : type;
}

function plainType({ type = '', format, pattern }: Schema): string {
  if (format === 'date-time') return 'instant';
  return pattern === undefined ? type : 'integer as text';
}

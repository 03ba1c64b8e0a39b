import { FloeError } from '@floe/errors';
import { parseCache } from './cache-field.ts';
import { checkFields } from './check-fields.ts';
import { describeValue } from './describe-value.ts';
import type { Schema } from '@floe/expression';
import { type DefaultFields, type TaskFields, taskFields } from './document-schema-parts.ts';
import { parseDurationMs } from './duration.ts';
import { parseContract } from './parse-contract.ts';
import { parseControl, type Control } from './parse-control.ts';
import { type Findings, nameHint } from './findings.ts';
import { isRecord } from './is-record.ts';
import {
  DEFAULT_POOL,
  DEFAULT_PRIORITY,
  DEFAULT_QUEUE_TIMEOUT_MS,
  DEFAULT_RETRIES,
  DEFAULT_TASK_TIMEOUT_MS,
  TASK_COUNT_MAX,
} from './limits.ts';
import { parseMemoryBytes } from './memory-size.ts';
import { IDENTIFIER, IDENTIFIER_RULE, isReservedName, mendIdentifier } from './names.ts';
import type { TaskDefinition, TaskTypeRegistry } from './task-definition.ts';
import type { RetryPolicy, Task } from './workflow.ts';

export type TaskParsing = {
  readonly findings: Findings;
  readonly taskTypes: TaskTypeRegistry;
  readonly defaults: DefaultFields;
};

export type ParsedTasks = {
  /** In the order of the document; tasks with errors in what all tasks have are absent. */
  readonly tasks: readonly Task[];
  /** All names, so that a reference to a task with errors is not an error too. */
  readonly names: ReadonlySet<string>;
  /** The texts of `when` by task. */
  readonly conditions: ReadonlyMap<string, string>;
};

export function parseTasks(parsing: TaskParsing, value: unknown): ParsedTasks {
  const { findings } = parsing;
  if (!isRecord(value)) {
    const hint = 'Write `tasks:` and below it, indented, a name for each task.';
    const message =
      value === undefined
        ? '`tasks` is missing'
        : `must be a block of tasks, not ${describeValue(value)}`;
    findings.add(['tasks'], message, { hint });
    return { tasks: [], names: new Set(), conditions: new Map() };
  }
  const names = Object.keys(value);
  if (names.length === 0) findings.addAtKey(['tasks'], 'a workflow has at least one task');
  if (names.length > TASK_COUNT_MAX) throw tooManyTasks(names.length);
  const tasks = names.flatMap((name) => parseTask(parsing, name, value[name]) ?? []);
  return { tasks, names: new Set(names), conditions: conditionsOf(value) };
}

function conditionsOf(tasks: Record<string, unknown>): ReadonlyMap<string, string> {
  const texts = Object.entries(tasks).map(([name, task]) => [name, isRecord(task) && task['when']]);
  return new Map(texts.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function tooManyTasks(count: number): FloeError {
  const [found, allowed] = [count, TASK_COUNT_MAX].map((n) => n.toLocaleString('en-US'));
  return new FloeError(
    'DOCUMENT_TOO_LARGE',
    `the workflow has ${found} tasks; at most ${allowed} are allowed`,
    {
      details: { task_count: String(count), task_count_max: String(TASK_COUNT_MAX) },
      hint: 'Split it into several workflows.',
    },
  );
}

function parseTask(parsing: TaskParsing, name: string, value: unknown): Task | undefined {
  const { findings } = parsing;
  const path = ['tasks', name];
  checkName(findings, name);
  if (!isRecord(value)) {
    const hint = 'A task is a block of fields; at least its `type`.';
    findings.add(path, `must be a block of fields, not ${describeValue(value)}`, { hint });
    return undefined;
  }
  const definition = definitionOf(parsing, name, value['type']);
  const parts = splitFields(findings, { name, value, definition });
  const checked = checkFields(findings, taskFields, { value: parts.shared, path });
  const fields = checked ?? fittingFields(parts.shared);
  const config = definition && checkFields(findings, definition.config, { value: parts.own, path });
  if (definition && checked) checkInputCount(findings, { name, definition, fields: checked });
  if (fields === undefined) return undefined;
  const { defaults } = parsing;
  const { contract: columns } = fields;
  const contract = parseContract(findings, {
    path,
    definition,
    config: config ?? parts.own,
    columns,
  });
  const control = parseControl(findings, { name, fields });
  const rest = { fields, defaults, contract, control, definition };
  // A task whose own fields are wrong still has its place in the graph, so that its references are checked as well.
  if (config === undefined) return normalise(name, { ...rest, config: {} });
  const stored = definition?.normalise?.(config) ?? config;
  return normalise(name, { ...rest, config: stored });
}

/** The fields that are right, so that a wrong timeout does not hide what is wrong with the columns. */
function fittingFields(shared: Record<string, unknown>): TaskFields | undefined {
  const wrong = new Set(taskFields.safeParse(shared).error?.issues.map(({ path }) => path[0]));
  const fitting = Object.entries(shared).filter(([field]) => !wrong.has(field));
  return taskFields.safeParse(Object.fromEntries(fitting)).data;
}

function checkName(findings: Findings, name: string): void {
  const path = ['tasks', name];
  if (isReservedName(name)) {
    findings.addAtKey(
      path,
      `\`${name}\` has a meaning of its own in Polars text`,
      'Give it another name.',
    );
  } else if (!IDENTIFIER.test(name)) {
    const mended = mendIdentifier(name);
    findings.addAtKey(path, IDENTIFIER_RULE, mended && `Write \`${mended}\`.`);
  }
}

function definitionOf(
  { findings, taskTypes }: TaskParsing,
  name: string,
  type: unknown,
): TaskDefinition | undefined {
  // A missing or wrong kind of value is reported with the other shared fields.
  if (typeof type !== 'string') return undefined;
  const definition = taskTypes.get(type);
  if (definition !== undefined) return definition;
  findings.add(['tasks', name, 'type'], `unknown task type \`${type}\``, {
    hint: () =>
      nameHint(type, taskTypes.keys()) ??
      'A type of a package is known where FLOE_TASK_PACKAGES names the package.',
  });
  return undefined;
}

type RawTask = {
  readonly name: string;
  readonly value: Record<string, unknown>;
  readonly definition: TaskDefinition | undefined;
};

/** Sorts a task's fields into those that all tasks have and those of its type; says of the others what they are. */
function splitFields(findings: Findings, { name, value, definition }: RawTask) {
  const shared: Record<string, unknown> = {};
  const own: Record<string, unknown> = {};
  const known = [...Object.keys(taskFields.shape), ...Object.keys(definition?.config.shape ?? {})];
  for (const [field, fieldValue] of Object.entries(value)) {
    if (Object.hasOwn(taskFields.shape, field)) shared[field] = fieldValue;
    else if (definition && Object.hasOwn(definition.config.shape, field)) own[field] = fieldValue;
    else if (definition) {
      const message = `a ${definition.type} task has no field \`${field}\``;
      const hint = () => nameHint(field, known) ?? ownFieldsHint(definition);
      findings.addAtKey(['tasks', name, field], message, hint);
    }
  }
  return { shared, own };
}

/** All that a task may say is too much for a line; what only its type has is not. */
function ownFieldsHint({ config }: TaskDefinition): string | undefined {
  const names = Object.keys(config.shape);
  const listed = names.map((each) => `\`${each}\``).join(', ');
  return names.length === 0 ? undefined : `Besides what all tasks have it knows: ${listed}.`;
}

type InputCheck = {
  readonly name: string;
  readonly definition: TaskDefinition;
  readonly fields: TaskFields;
};

function checkInputCount(findings: Findings, { name, definition, fields }: InputCheck): void {
  const count = fields.inputs?.length ?? 0;
  const { min, max } = definition.inputs;
  if (count >= min && count <= max) return;
  const path = ['tasks', name, 'inputs'];
  if (max === 0) {
    const hint = 'To run it after other tasks, name them in `needs`.';
    findings.addAtKey(path, `a ${definition.type} task reads no other task`, hint);
    return;
  }
  const wanted =
    min === max ? `exactly ${min}` : count < min ? `at least ${min}` : `at most ${max}`;
  const hint = 'Write `inputs: [task]` with the task whose rows it takes.';
  findings.addAtKey(
    path,
    `a ${definition.type} task has ${wanted} in \`inputs\`, not ${count}`,
    hint,
  );
}

type NormaliseOptions = {
  readonly fields: TaskFields;
  readonly defaults: DefaultFields;
  readonly contract: Schema | undefined;
  readonly control: Control;
  readonly definition: TaskDefinition | undefined;
  readonly config: Readonly<Record<string, unknown>>;
};

function normalise(id: string, options: NormaliseOptions): Task {
  const { fields, defaults, contract, control, config } = options;
  const memory = fields.memory ?? defaults.memory;
  const memoryBytes = memory === undefined ? undefined : parseMemoryBytes(memory);
  return {
    id,
    type: fields.type,
    description: fields.description ?? '',
    inputs: fields.inputs ?? [],
    needs: fields.needs ?? [],
    config,
    retries: retriesOf({ ...defaults.retries, ...fields.retries }),
    timeoutMs: timeoutOf(options),
    queueTimeoutMs: durationOr(
      fields.queue_timeout ?? defaults.queue_timeout,
      DEFAULT_QUEUE_TIMEOUT_MS,
    ),
    ...optionalTimeouts({ ...defaults, ...fields }),
    pool: fields.pool ?? defaults.pool ?? DEFAULT_POOL,
    ...labelsOf(fields.labels ?? defaults.labels ?? []),
    priority: fields.priority ?? defaults.priority ?? DEFAULT_PRIORITY,
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
    trigger: fields.trigger ?? 'all_succeeded',
    ...((fields.materialize ?? defaults.materialize) === true && { materialize: true }),
    ...control,
    ...(fields.cache !== undefined && { cache: parseCache(fields.cache) }),
    ...(contract === undefined ? {} : { contract }),
  };
}

/** In one order and each once, so that those of two tasks are compared as texts. */
function labelsOf(labels: readonly string[]): Pick<Task, 'labels'> {
  return labels.length === 0 ? {} : { labels: [...new Set(labels)].toSorted() };
}

/** A type that waits for people or for other runs has a time of its own, which `defaults` do not change. */
function timeoutOf({ fields, defaults, definition }: NormaliseOptions): number {
  const usual = definition?.defaultTimeoutMs;
  if (usual !== undefined) return durationOr(fields.timeout, usual);
  return durationOr(fields.timeout ?? defaults.timeout, DEFAULT_TASK_TIMEOUT_MS);
}

function optionalTimeouts(
  fields: DefaultFields,
): Pick<Task, 'startTimeoutMs' | 'progressTimeoutMs' | 'totalTimeoutMs'> {
  const start = fields.start_timeout && parseDurationMs(fields.start_timeout);
  const progress = fields.progress_timeout && parseDurationMs(fields.progress_timeout);
  const total = fields.total_timeout && parseDurationMs(fields.total_timeout);
  return {
    ...(typeof start === 'number' && { startTimeoutMs: start }),
    ...(typeof progress === 'number' && { progressTimeoutMs: progress }),
    ...(typeof total === 'number' && { totalTimeoutMs: total }),
  };
}

function retriesOf(fields: NonNullable<TaskFields['retries']>): RetryPolicy {
  const delayMs = durationOr(fields.delay, DEFAULT_RETRIES.delayMs);
  const maxDelayMs = durationOr(fields.max_delay, DEFAULT_RETRIES.maxDelayMs);
  return {
    max: fields.max ?? DEFAULT_RETRIES.max,
    delayMs,
    backoff: fields.backoff ?? DEFAULT_RETRIES.backoff,
    // A first delay above the usual longest one raises it: it was asked for.
    maxDelayMs: Math.max(delayMs, maxDelayMs),
    jitter: fields.jitter ?? DEFAULT_RETRIES.jitter,
    ...(fields.on !== undefined && { on: fields.on }),
  };
}

/** The text has been checked against the schema. */
export function durationOr(text: string | undefined, fallbackMs: number): number {
  return (text === undefined ? undefined : parseDurationMs(text)) ?? fallbackMs;
}

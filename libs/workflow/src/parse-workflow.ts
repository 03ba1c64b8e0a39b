import type { Violation } from '@floe/errors';
import { checkAllReferences, checkKey } from './check-references.ts';
import { checkCaches } from './check-cache.ts';
import { checkControl } from './check-control.ts';
import { checkFields } from './check-fields.ts';
import { describeValue } from './describe-value.ts';
import { checkGraph } from './check-graph.ts';
import { clearPart } from './clear-part.ts';
import { type TopFields, topFields } from './document-schema-parts.ts';
import { type FieldPath, formatFieldPath } from './field-path.ts';
import { findTextSource } from './find-text-source.ts';
import { collectFindings, documentInvalid, type Findings, nameHint } from './findings.ts';
import { isRecord } from './is-record.ts';
import { DEFAULT_RUN_TIMEOUT_MS } from './limits.ts';
import { parseConditions } from './parse-conditions.ts';
import { parseConcurrency } from './parse-control.ts';
import { parseNotify } from './parse-notify.ts';
import { parseParameters } from './parse-parameters.ts';
import { parseSchedules } from './parse-schedules.ts';
import { durationOr, parseTasks } from './parse-tasks.ts';
import { type ReadDocument, readDocument } from './read-document.ts';
import { madeValue } from './made-value.ts';
import { type DocumentValue, readValue } from './read-value.ts';
import type { TaskTypeRegistry } from './task-definition.ts';
import type { SourceMap, TextSource } from './text-source.ts';
import type { Concurrency, Task, Workflow } from './workflow.ts';

export type ParsedWorkflow = {
  readonly workflow: Workflow;
  /** Where the text fields of the tasks stand in the document, by field path. */
  readonly source: SourceMap;
};

/**
 * Reads a document, YAML 1.2 or JSON. Throws one FloeError: DOCUMENT_INVALID with every violation (at most 50, in
 * order of place), or DOCUMENT_TOO_LARGE with the limit that was passed.
 */
export function parseWorkflow(text: string, options: ParseOptions): ParsedWorkflow {
  const { workflow, source, violations } = readWorkflow(text, options);
  if (violations.length > 0) throw documentInvalid(violations);
  return { workflow, source };
}

type ParseOptions = { readonly taskTypes: TaskTypeRegistry };

/** As much of a document as can be understood. */
export type ReadWorkflow = ParsedWorkflow & {
  /** What is wrong with it. Where there is something, the workflow is only good for finding more that is wrong. */
  readonly violations: readonly Violation[];
  /** Tasks of which not all is known that they read and give. */
  readonly unclear: ReadonlySet<string>;
};

/** As `parseWorkflow`, with what is wrong as a part of the answer. Throws for a text that is no YAML, or too large. */
export function readWorkflow(text: string, options: ParseOptions): ReadWorkflow {
  const document = readDocument(text);
  const root = readValue(document);
  return readRoot(root, options, (tasks) => findSources(document, root, tasks));
}

/**
 * As `readWorkflow`, of a value that a program has made and that is written as YAML elsewhere: nothing is known of places
 * in the text.
 */
export function readWorkflowValue(value: unknown, options: ParseOptions): ReadWorkflow {
  return readRoot(madeValue(value), options, () => ({}));
}

function readRoot(
  root: DocumentValue,
  options: ParseOptions,
  sourcesOf: (tasks: readonly Task[]) => SourceMap,
): ReadWorkflow {
  const findings = collectFindings(root);
  if (!isRecord(root.value)) {
    const hint = 'It begins with `name:` and has `tasks:`.';
    findings.add([], `a workflow is a block of fields, not ${describeValue(root.value)}`, { hint });
  }
  const fields = isRecord(root.value) ? root.value : {};
  const top = parseTop(findings, fields);
  const params = parseParameters(findings, fields['params']);
  const schedules = parseSchedules(findings, fields['schedules'], params);
  const notify = parseNotify(findings, fields['notify'], ['notify']);
  const parsing = { findings, taskTypes: options.taskTypes, defaults: top?.defaults ?? {} };
  const { tasks: parsed, names, conditions } = parseTasks(parsing, fields['tasks']);
  const source = sourcesOf(parsed);
  const tasks = parseConditions(findings, {
    tasks: parsed,
    conditions,
    params: params.specs,
    source,
  });
  checkControl(findings, { tasks, params: params.specs, ...options });
  checkCaches(findings, { tasks, taskTypes: options.taskTypes });
  const graph = checkGraph(findings, { tasks, names, taskTypes: options.taskTypes });
  const parameters = params.names;
  checkAllReferences(findings, { tasks, source, ...options, parameters });
  const concurrency = parseConcurrency(top?.concurrency, top?.name ?? '');
  checkKey(findings, ['concurrency', 'key'], { key: concurrency?.key ?? '', parameters });
  const violations = findings.all();
  const workflow = normalise(top ?? { name: '' }, {
    params: params.specs,
    tasks,
    schedules,
    notify,
    concurrency,
  });
  if (violations.length === 0) return { workflow, source, violations, unclear: new Set() };
  return { ...clearPart(workflow, { violations, ...graph }), source, violations };
}

const TOP_NAMES = [...Object.keys(topFields.shape), 'params', 'tasks', 'schedules', 'notify'];

function parseTop(findings: Findings, fields: Record<string, unknown>): TopFields | undefined {
  const known: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (Object.hasOwn(topFields.shape, name)) known[name] = value;
    else if (!TOP_NAMES.includes(name)) {
      findings.addAtKey([name], `unknown field \`${name}\``, () => nameHint(name, TOP_NAMES));
    }
  }
  return checkFields(findings, topFields, { value: known, path: [] });
}

type Rest = Required<Pick<Workflow, 'params' | 'tasks' | 'schedules' | 'notify'>> & {
  readonly concurrency: Concurrency | undefined;
};

function normalise(top: TopFields, rest: Rest): Workflow {
  return {
    name: top.name,
    description: top.description ?? '',
    params: rest.params,
    timeoutMs: durationOr(top.timeout, DEFAULT_RUN_TIMEOUT_MS),
    tasks: rest.tasks,
    ...(top.mask !== undefined && { mask: top.mask }),
    ...(rest.concurrency !== undefined && { concurrency: rest.concurrency }),
    ...(rest.schedules.length > 0 && { schedules: rest.schedules }),
    ...(rest.notify.length > 0 && { notify: rest.notify }),
  };
}

function findSources(
  document: ReadDocument,
  root: DocumentValue,
  tasks: readonly Task[],
): SourceMap {
  const sources: Record<string, TextSource> = {};
  for (const task of tasks) {
    for (const path of textPaths(task)) {
      const source = findTextSource(document, root, path);
      if (source !== undefined) sources[formatFieldPath(path)] = source;
    }
    for (const path of blockPaths(task)) {
      const place = root.keyPlaceOf(path);
      if (place !== undefined)
        sources[formatFieldPath(path)] ??= { style: 'opaque', ...place, indent: 0 };
    }
  }
  return sources;
}

/** The fields of a task, and the entries of those that are lists or blocks. */
function configPaths(task: Task): FieldPath[] {
  return Object.entries(task.config).flatMap(([field, value]): FieldPath[] => {
    const path = ['tasks', task.id, field];
    if (Array.isArray(value)) return value.map((_, index) => [...path, index]);
    if (isRecord(value)) return Object.keys(value).map((name) => [...path, name]);
    return [path];
  });
}

/** Where the texts of a task may stand. */
function textPaths(task: Task): FieldPath[] {
  const columns = (task.contract ?? []).map(({ name }) => ['tasks', task.id, 'contract', name]);
  return [
    ...configPaths(task),
    ...columns,
    ['tasks', task.id, 'when'],
    ['tasks', task.id, 'concurrency', 'key'],
  ];
}

/** What is no text, also the task itself: what is wrong with one as a whole is shown at its key. */
function blockPaths(task: Task): FieldPath[] {
  const contract = task.contract === undefined ? [] : ['contract'];
  const fields = [...Object.keys(task.config), 'inputs', ...contract];
  const itself = ['tasks', task.id];
  return [...configPaths(task), ...fields.map((field) => [...itself, field]), itself];
}

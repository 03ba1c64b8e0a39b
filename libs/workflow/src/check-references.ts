import { type Findings, type Hint, nameHint } from './findings.ts';
import { type FieldPath, formatFieldPath } from './field-path.ts';
import { isRecord } from './is-record.ts';
import { VIOLATION_COUNT_MAX } from './limits.ts';
import { parameterOf, type Reference, referencesIn } from './references.ts';
import type { TaskTypeRegistry } from './task-definition.ts';
import { placeAtOffset, placeInDocument, type SourceMap } from './text-source.ts';
import { ITEM_PARAMETER, type Task } from './workflow.ts';

type ReferenceCheck = {
  readonly tasks: readonly Task[];
  readonly taskTypes: TaskTypeRegistry;
  readonly parameters: ReadonlySet<string>;
  readonly source: SourceMap;
};

/** Every `${{ ... }}` of every task: it names a parameter that there is, and stands in a field that may hold one. */
export function checkAllReferences(findings: Findings, check: ReferenceCheck): void {
  for (const task of check.tasks) {
    const textFields = check.taskTypes.get(task.type)?.textFields ?? [];
    const parameters = parametersWithin(task, check.parameters);
    if (task.concurrency !== undefined) {
      const path = ['tasks', task.id, 'concurrency', 'key'];
      checkText(findings, { path, text: task.concurrency.key, check });
    }
    if (task.cache?.key !== undefined) {
      const path = ['tasks', task.id, 'cache', 'key'];
      checkText(findings, { path, text: task.cache.key, check });
    }
    for (const [field, value] of Object.entries(task.config)) {
      const path = ['tasks', task.id, field];
      if (textFields.includes(field)) {
        for (const { at, text } of textsOf(value))
          checkText(findings, { path: [...path, ...at], text, check: { ...check, parameters } });
      } else if (holdsReference(value)) {
        findings.add(path, `\`${field}\` cannot hold \${{ ... }}`, {
          hint: `It can stand in ${textFields.join(', ') || 'no field of this task type'}.`,
        });
      }
    }
  }
}

/** The key of places that runs share. */
export function checkKey(
  findings: Findings,
  path: FieldPath,
  { key, parameters }: { readonly key: string; readonly parameters: ReadonlySet<string> },
): void {
  checkText(findings, { path, text: key, check: { parameters, source: {} } });
}

/** Within a task that goes through items, the item is a parameter too. */
function parametersWithin(task: Task, parameters: ReadonlySet<string>): ReadonlySet<string> {
  return task.foreach === undefined ? parameters : new Set([...parameters, ITEM_PARAMETER]);
}

type FieldText = { readonly at: FieldPath; readonly text: string };

/** The text of a field, or all those within a list or a block. */
function textsOf(value: unknown): readonly FieldText[] {
  if (typeof value === 'string') return [{ at: [], text: value }];
  if (Array.isArray(value)) return value.flatMap((each, index) => textsWithin(index, each));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, each]) => textsWithin(name, each));
}

function textsWithin(name: string | number, value: unknown): readonly FieldText[] {
  return textsOf(value).map(({ at, text }) => ({ at: [name, ...at], text }));
}

function holdsReference(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('${{');
  if (Array.isArray(value)) return value.some(holdsReference);
  return isRecord(value) && Object.values(value).some(holdsReference);
}

type TextCheck = {
  readonly path: FieldPath;
  readonly text: string;
  readonly check: Pick<ReferenceCheck, 'parameters' | 'source'>;
};

function checkText(findings: Findings, { path, text, check }: TextCheck): void {
  const source = check.source[formatFieldPath(path)];
  let found = 0;
  for (const reference of referencesIn(text)) {
    const problem = problemOf(reference, check.parameters);
    if (problem === undefined) continue;
    // Those behind them in the same text are not shown.
    if ((found += 1) > VIOLATION_COUNT_MAX) return;
    const inText = placeAtOffset(text, reference.start, reference.end - reference.start);
    const place = source === undefined ? undefined : placeInDocument(source, inText);
    findings.add(path, problem.message, { hint: problem.hint, place });
  }
}

function problemOf(
  reference: Reference,
  parameters: ReadonlySet<string>,
): { message: string; hint: Hint } | undefined {
  const name = parameterOf(reference);
  if (name === undefined) {
    return {
      message: `\`${reference.inner}\` is not a reference to a parameter`,
      hint: 'Write ${{ params.name }} on one line.',
    };
  }
  if (parameters.has(name)) return undefined;
  const hint = () =>
    parameters.size === 0 ? 'Declare it under `params` first.' : nameHint(name, parameters);
  return { message: `no parameter is named \`${name}\``, hint };
}

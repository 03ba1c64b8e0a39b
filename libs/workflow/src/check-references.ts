import { type Findings, nameHint } from './findings.ts';
import { type FieldPath, formatFieldPath } from './field-path.ts';
import { isRecord } from './is-record.ts';
import { parameterOf, type Reference, referencesIn } from './references.ts';
import type { TaskTypeRegistry } from './task-definition.ts';
import { placeAtOffset, placeInDocument, type SourceMap } from './text-source.ts';
import type { Task } from './workflow.ts';

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
    for (const [field, value] of Object.entries(task.config)) {
      const path = ['tasks', task.id, field];
      const texts = textFields.includes(field) ? textsOf(value) : undefined;
      if (texts !== undefined) {
        for (const { at, text } of texts)
          checkText(findings, { path: [...path, ...at], text, check });
      } else if (holdsReference(value)) {
        findings.add(path, `\`${field}\` cannot hold \${{ ... }}`, {
          hint: `It can stand in ${textFields.join(', ') || 'no field of this task type'}.`,
        });
      }
    }
  }
}

type FieldText = { readonly at: FieldPath; readonly text: string };

/** The text of a field, or those of a list; undefined for anything else. */
function textsOf(value: unknown): readonly FieldText[] | undefined {
  if (typeof value === 'string') return [{ at: [], text: value }];
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string')) return undefined;
  return value.map((text, index) => ({ at: [index], text }));
}

function holdsReference(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('${{');
  if (Array.isArray(value)) return value.some(holdsReference);
  return isRecord(value) && Object.values(value).some(holdsReference);
}

type TextCheck = {
  readonly path: FieldPath;
  readonly text: string;
  readonly check: ReferenceCheck;
};

function checkText(findings: Findings, { path, text, check }: TextCheck): void {
  const source = check.source[formatFieldPath(path)];
  for (const reference of referencesIn(text)) {
    const problem = problemOf(reference, check.parameters);
    if (problem === undefined) continue;
    const inText = placeAtOffset(text, reference.start, reference.end - reference.start);
    const place = source === undefined ? undefined : placeInDocument(source, inText);
    findings.add(path, problem.message, { hint: problem.hint, place });
  }
}

function problemOf(
  reference: Reference,
  parameters: ReadonlySet<string>,
): { message: string; hint: string | undefined } | undefined {
  const name = parameterOf(reference);
  if (name === undefined) {
    return {
      message: `\`${reference.inner}\` is not a reference to a parameter`,
      hint: 'Write ${{ params.name }} on one line.',
    };
  }
  if (parameters.has(name)) return undefined;
  const hint =
    parameters.size === 0 ? 'Declare it under `params` first.' : nameHint(name, parameters);
  return { message: `no parameter is named \`${name}\``, hint };
}

import { parseCondition, type ConditionProblem, type ParameterKind } from '@floe/condition';
import { formatFieldPath } from './field-path.ts';
import type { Findings } from './findings.ts';
import { placeAtOffset, placeInDocument, type SourceMap } from './text-source.ts';
import type { ParameterSpec, Task } from './workflow.ts';

type Conditions = {
  readonly tasks: readonly Task[];
  /** The texts of `when` by task. */
  readonly conditions: ReadonlyMap<string, string>;
  readonly params: Readonly<Record<string, ParameterSpec>>;
  readonly source: SourceMap;
};

/** The tasks with their conditions, read with the types of the parameters; what cannot be read is reported. */
export function parseConditions(findings: Findings, document: Conditions): readonly Task[] {
  const { tasks, conditions, params, source } = document;
  const parameters = new Map<string, ParameterKind>(
    Object.entries(params).map(([name, { type }]) => [name, type]),
  );
  return tasks.map((task) => {
    const text = conditions.get(task.id);
    if (text === undefined) return task;
    const scope = { parameters, tasks: new Set([...task.inputs, ...task.needs]) };
    const parsed = parseCondition(text, scope);
    if (parsed.kind === 'condition') {
      return { ...task, when: { text, condition: parsed.condition } };
    }
    addProblem(findings, { task, text, source, problem: parsed.problem });
    return task;
  });
}

type Problem = {
  readonly task: Task;
  readonly text: string;
  readonly source: SourceMap;
  readonly problem: ConditionProblem;
};

function addProblem(findings: Findings, { task, text, source, problem }: Problem): void {
  const path = ['tasks', task.id, 'when'];
  const { message, hint, start, end } = problem;
  const found = source[formatFieldPath(path)];
  const inText = placeAtOffset(text, start, end - start);
  const place = found === undefined ? undefined : placeInDocument(found, inText);
  findings.add(path, message, { hint, place });
}

import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import type { WorkflowTask } from '@floe/client';
import { NAMES, outlineAt } from './outline.ts';
import type { Outline } from './outline.ts';
import { valueBelow, yamlPlace } from './yaml-place.ts';
import type { YamlPlace } from './yaml-place.ts';

/** What is known of a document besides its text. */
export type Knowledge = {
  readonly outline: Outline;
  readonly tasks: readonly WorkflowTask[];
};

/** What may be written at the cursor: fields, values, tasks, columns, and the names of Polars. */
export function completeDocument(
  context: CompletionContext,
  knowledge: Knowledge,
): CompletionResult | null {
  const lines = context.state.doc.toString().split('\n');
  const line = context.state.doc.lineAt(context.pos);
  const place = yamlPlace(lines, line.number - 1, context.pos - line.from);
  const before = line.text.slice(0, context.pos - line.from);
  if (place.path.at(-1) === 'polars' || place.key === 'polars') {
    return completeExpression(context, before, knowledge.tasks);
  }
  if (place.word === '' && !context.explicit && !/[:[,]\s*$/.test(before)) return null;
  const options = optionsAt(place, lines, knowledge);
  return options.length === 0 ? null : { from: context.pos - place.word.length, options };
}

const TASK_LISTS: ReadonlySet<string> = new Set(['inputs', 'needs']);

function optionsAt(
  place: YamlPlace,
  lines: readonly string[],
  { outline, tasks }: Knowledge,
): readonly Completion[] {
  const typeAt = (path: readonly string[]) => valueBelow(lines, path, 'type');
  const list = place.key ?? place.path.findLast((name) => name !== '-');
  if (list !== undefined && TASK_LISTS.has(list)) return tasks.map(optionOfTask);
  if (place.key === undefined) return fieldsOf(outlineAt(outline, place.path, typeAt));
  const { values = [], notes = {} } = outlineAt(outline, [...place.path, place.key], typeAt) ?? {};
  return values.map((label) => ({
    label,
    type: 'enum',
    ...(notes[label] && { info: notes[label] }),
  }));
}

function fieldsOf(outline: Outline | undefined): readonly Completion[] {
  return Object.entries(outline?.fields ?? {}).map(([label, { note }]) => ({
    label,
    type: 'property',
    apply: `${label}: `,
    ...(note !== undefined && { info: note }),
  }));
}

function optionOfTask({ taskId, type }: WorkflowTask): Completion {
  return { label: taskId, detail: type, type: 'variable' };
}

const COLUMN = /pl\.col\(\s*["']([\w.-]*)$/;
const MEMBER = /([\w)\]"']+)\.([A-Za-z_]*)$/;
const WORD = /[A-Za-z_]\w*$/;

function completeExpression(
  context: CompletionContext,
  before: string,
  tasks: readonly WorkflowTask[],
): CompletionResult | null {
  const column = COLUMN.exec(before)?.[1];
  if (column !== undefined) {
    return { from: context.pos - column.length, options: columnsOf(tasks) };
  }
  const [, owner = '', member] = MEMBER.exec(before) ?? [];
  if (member !== undefined) return { from: context.pos - member.length, options: membersOf(owner) };
  const word = WORD.exec(before)?.[0] ?? '';
  if (word === '' && !context.explicit) return null;
  const names = tasks.map(optionOfTask);
  return {
    from: context.pos - word.length,
    options: [...names, { label: 'pl', detail: 'Polars', type: 'namespace' }],
  };
}

function columnsOf(tasks: readonly WorkflowTask[]): readonly Completion[] {
  const types = new Map<string, string>();
  for (const { columns } of tasks) for (const { name, type } of columns) types.set(name, type);
  return [...types].map(([label, detail]) => ({ label, detail, type: 'property' }));
}

const SPACES: ReadonlySet<string> = new Set(NAMES.map(({ space }) => space));

/** Behind `pl` its functions, behind a namespace its own, behind anything else what expressions and frames have. */
function membersOf(owner: string): readonly Completion[] {
  const isSpace = owner !== '' && owner !== 'frame' && SPACES.has(owner);
  const fits = NAMES.filter(({ space }) =>
    isSpace ? space === owner : space === '' || space === 'frame',
  );
  const spaces = isSpace ? [] : [...SPACES].filter((space) => !['', 'pl', 'frame'].includes(space));
  return [
    ...fits.map(({ name, signature, summary }) => ({
      label: name,
      detail: `(${signature})`,
      info: summary,
      type: 'method',
      apply: `${name}(`,
    })),
    ...spaces.map((label) => ({ label, type: 'namespace', apply: `${label}.` })),
  ];
}

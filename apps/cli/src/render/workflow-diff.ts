import { diffLines } from '../diff/diff-lines.ts';
import type {
  ColumnChange,
  FieldChange,
  TaskChange,
  WorkflowDiff,
} from '../diff/diff-workflows.ts';
import type { LineageChange } from '../diff/diff-lineage.ts';
import type { Colors } from '../terminal.ts';
import { printable } from './printable.ts';

// Lines that did not change, shown before and after each that did.
const CONTEXT_LINES = 2;

/** What differs, in the manner of diff: `-` before, `+` after. */
export function renderWorkflowDiff(diff: WorkflowDiff, colors: Colors): readonly string[] {
  const paint = painter(colors);
  return [
    paint('-', `--- ${diff.before}`),
    paint('+', `+++ ${diff.after}`),
    ...diff.fields.flatMap((change) => fieldLines(change, paint)),
    ...diff.tasks.flatMap((task) => taskLines(task, colors)),
    ...lineageLines(diff.lineage, colors),
  ];
}

type PaintLine = (mark: string, line: string) => string;

function painter(colors: Colors): PaintLine {
  return (mark, line) => {
    if (mark === '-') return colors.red(line);
    return mark === '+' ? colors.green(line) : line;
  };
}

function taskLines({ taskId, change, fields, columns }: TaskChange, colors: Colors): string[] {
  const paint = painter(colors);
  const title = colors.bold(`task ${printable(taskId)}`);
  const lines = columnLines(columns, colors);
  return [
    '',
    change === 'changed' ? title : `${title} ${change}`,
    ...(change === 'changed' ? fields : mainFields(fields)).flatMap((field) =>
      fieldLines(field, paint),
    ),
    ...(lines.length === 0 ? [] : ['  columns', ...lines]),
  ];
}

/** Of a whole task, what its document says; the defaults are those of every task. */
function mainFields(fields: readonly FieldChange[]): readonly FieldChange[] {
  const isText = (value: unknown) => typeof value === 'string' && value !== '';
  return fields.filter(({ field, before, after }) => {
    const value = before ?? after;
    return field === 'inputs' || (isText(value) && !['pool', 'trigger'].includes(field));
  });
}

function fieldLines({ field, before, after }: FieldChange, paint: PaintLine): string[] {
  const texts = [before, after].map(toText);
  if (texts.every((text) => text === undefined || !text.includes('\n'))) {
    return [
      ...(texts[0] === undefined ? [] : [paint('-', `  - ${field}: ${printable(texts[0])}`)]),
      ...(texts[1] === undefined ? [] : [paint('+', `  + ${field}: ${printable(texts[1])}`)]),
    ];
  }
  return [`  ${field}`, ...textLines(texts[0] ?? '', texts[1] ?? '', paint)];
}

function textLines(before: string, after: string, paint: PaintLine): string[] {
  const changes = diffLines(before.trimEnd(), after.trimEnd());
  const isNear = (index: number) =>
    changes
      .slice(Math.max(0, index - CONTEXT_LINES), index + CONTEXT_LINES + 1)
      .some(({ mark }) => mark !== ' ');
  return changes.flatMap(({ mark, line }, index) => {
    if (isNear(index)) return [paint(mark, `  ${mark} ${printable(line)}`.trimEnd())];
    return isNear(index - 1) ? ['    …'] : [];
  });
}

function toText(value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  return JSON.stringify(value);
}

/** A line for each column that is new, gone or of another type. */
export function columnLines(columns: readonly ColumnChange[], colors: Colors): string[] {
  const paint = painter(colors);
  return columns.map((column) => columnLine(column, paint));
}

function columnLine({ column, before, after }: ColumnChange, paint: PaintLine): string {
  const name = printable(column);
  if (before === undefined) return paint('+', `  + ${name} ${after}`);
  if (after === undefined) return paint('-', `  - ${name} ${before}`);
  return paint('+', `  ~ ${name} ${before} → ${after}`);
}

function lineageLines(changes: readonly LineageChange[], colors: Colors): string[] {
  if (changes.length === 0) return [];
  const paint = painter(colors);
  return [
    '',
    colors.bold('lineage'),
    ...changes.map(({ change, taskId, column, from, how }) => {
      const mark = change === 'added' ? '+' : '-';
      const target = column === '' ? `rows of ${taskId}` : `${taskId}.${column}`;
      return paint(mark, `  ${mark} ${printable(`${target} ← ${from}`)}  ${how}`);
    }),
  ];
}

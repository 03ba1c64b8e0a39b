import type { RowDifference } from '@floe/tasks/compare';
import type { Replayed, ReplayedCheck, ReplayedRows } from '../replay/replay-task.ts';
import type { Found } from '../replay/replay-check.ts';
import type { Colors } from '../terminal.ts';
import { formatCount, formatPlural } from './amounts.ts';
import { cutTo, printable } from './printable.ts';
import { renderTable, type Cell } from './table.ts';
import { columnLines } from './workflow-diff.ts';

// A value is a look, not the text.
const VALUE_WIDTH_MAX = 60;

/** What a replay found: first the numbers, then columns, then the first rows that differ. */
export function renderReplay(replayed: Replayed, colors: Colors): readonly string[] {
  return replayed.kind === 'check' ? checkLines(replayed, colors) : rowsLines(replayed, colors);
}

/** What each rule found, and finds. */
function checkLines({ taskId, rules }: ReplayedCheck, colors: Colors): readonly string[] {
  const broken = (side: 'before' | 'after') =>
    rules.filter((rule) => rule[side]?.passed === false).length;
  const cells = rules.map(({ rule, severity, before, after }): Cell[] => {
    const isSame = before?.found === after?.found;
    return [
      foundSymbol(after, severity, colors),
      rule,
      isSame ? '' : (before?.found ?? 'not there'),
      isSame ? '' : '→',
      after?.found ?? 'gone',
    ];
  });
  const titles = ['', 'rule', 'found', '', 'finds'].map((title) => ({ title }));
  return [
    `${colors.bold(printable(taskId))} had ${formatPlural(broken('before'), 'broken rule')}, and has ${formatCount(broken('after'))}`,
    ...renderTable(titles, cells, colors),
  ];
}

function foundSymbol(found: Found | undefined, severity: string, colors: Colors): Cell {
  if (found === undefined) return '-';
  if (found.passed) return { text: '✓', paint: colors.green };
  return { text: '✗', paint: severity === 'warn' ? colors.yellow : colors.red };
}

function rowsLines(replayed: ReplayedRows, colors: Colors): readonly string[] {
  const { rows, columns, key, taskId } = replayed;
  const by = key.length === 0 ? 'their place' : key.map(printable).join(', ');
  const { same, changed, added, removed, rowsBefore, rowsAfter } = rows;
  return [
    `${colors.bold(printable(taskId))} made ${formatPlural(rowsBefore, 'row')}, and makes ${formatCount(rowsAfter)}; compared by ${by}`,
    `  ${formatCount(same)} same, ${paintIf(changed, `${formatCount(changed)} changed`, colors.yellow)}, ` +
      `${paintIf(added, `${formatCount(added)} added`, colors.green)}, ` +
      `${paintIf(removed, `${formatCount(removed)} removed`, colors.red)}`,
    ...(columns.length === 0 ? [] : ['', 'columns', ...columnLines(columns, colors)]),
    ...changedColumns(replayed),
    ...(rows.first.length === 0 ? [] : ['', ...rows.first.flatMap((row) => rowLines(row, colors))]),
    ...moreLine(replayed, colors),
    ...narrowedLine(replayed, colors),
    ...(replayed.readsFiles
      ? ['', colors.yellow('note: the files were read as they are now.')]
      : []),
  ];
}

function paintIf(count: number, text: string, paint: (text: string) => string): string {
  return count === 0 ? text : paint(text);
}

function changedColumns({ rows: { changedByColumn, notCompared } }: ReplayedRows): string[] {
  const counts = Object.entries(changedByColumn).map(
    ([name, count]) => `  ${printable(name)} differs in ${formatPlural(count, 'row')}`,
  );
  const skipped = notCompared.map(
    (name) => `  ${printable(name)} is of another type: not compared`,
  );
  const lines = [...counts, ...skipped];
  return lines.length === 0 ? [] : ['', ...lines];
}

function rowLines({ change, row, columns }: RowDifference, colors: Colors): string[] {
  const name = Object.entries(row)
    .map(([column, value]) => `${printable(column)} ${show(value)}`)
    .join(', ');
  if (change === 'added') return [colors.green(`+ ${name}`)];
  if (change === 'removed') return [colors.red(`- ${name}`)];
  const cells = Object.entries(columns).map(
    ([column, { before, after }]) =>
      `    ${printable(column)}  ${colors.red(show(before))} → ${colors.green(show(after))}`,
  );
  return [`~ ${name}`, ...cells];
}

function show(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return cutTo(printable(text), VALUE_WIDTH_MAX);
}

function moreLine({ rows }: ReplayedRows, colors: Colors): string[] {
  const hidden = rows.changed + rows.added + rows.removed - rows.first.length;
  return hidden > 0 ? [colors.dim(`… and ${formatPlural(hidden, 'more row')}; see --limit`)] : [];
}

function narrowedLine({ narrowed }: ReplayedRows, colors: Colors): string[] {
  if (narrowed.length === 0) return [];
  const who = narrowed.map(printable).join(', ');
  return [
    '',
    colors.yellow(`note: ${who} left out rows or columns that the text of that time did not use;`),
    colors.yellow('      what a new text would do with those only a run can show.'),
  ];
}

import type { RunComparison, TaskDifference, TaskReport, ValueDifference } from '@floe/client';
import type { Run } from '@floe/client';
import type { Command } from 'commander';
import { isForPrograms, withOutput, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { formatBytes, formatCount, formatDuration } from '../../render/amounts.ts';
import { printOutput, type Output } from '../../render/output.ts';
import { printable, printableLines } from '../../render/printable.ts';
import { sightOf } from '../../render/states.ts';
import type { Cell } from '../../render/table.ts';
import { openClient } from '../../server/find-server.ts';
import type { Colors, Terminal } from '../../terminal.ts';

export function addRunsCompare(runs: Command, context: CommandContext): void {
  const command = withOutput(runs.command('compare'))
    .argument('<run>', 'the id of a run')
    .argument('<run>', 'the id of another')
    .description('show how two runs differ: tasks, rows, times, parameters, columns, document')
    .addHelpText(
      'after',
      '\nExamples:\n  floe runs compare 01a0… 01a1…\n  floe runs compare 01a0… 01a1… -o wide',
    )
    .action(async (before: string, after: string) =>
      context.endWith(await compare([before, after], command.optsWithGlobals(), context)),
    );
}

async function compare(
  [before, after]: readonly [string, string],
  options: GlobalOptions & OutputOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const client = await openClient(options, context);
  const comparison = await client.compareRuns(before, after);
  const { terminal } = context;
  const { output: format } = options;
  if (!isForPrograms(format)) {
    sayRun(comparison.base, comparison.baseDurationMs, terminal);
    sayRun(comparison.other, comparison.otherDurationMs, terminal);
  }
  await printOutput(taskList(comparison, terminal.outColors), { terminal, format });
  if (!isForPrograms(format)) printRest(comparison, terminal);
  return EXIT.succeeded;
}

function sayRun(run: Run | undefined, durationMs: string, terminal: Terminal): void {
  if (run === undefined) return;
  const { symbol, word, paint } = sightOf(run.state, terminal.errorColors);
  const name = paint(`${symbol} ${printable(run.workflowName)} v${run.workflowVersion}`);
  terminal.say(
    `${name} ${word} in ${formatDuration(durationMs)}, ${formatCount(run.rowsLoaded)} rows loaded  ${run.runId}`,
  );
}

function taskList(comparison: RunComparison, colors: Colors): Output {
  return {
    document: comparison,
    columns: [
      { title: 'task' },
      { title: 'state' },
      { title: 'rows', align: 'right' },
      { title: 'content' },
      { title: 'ran', align: 'right' },
      { title: 'change', align: 'right' },
      { title: 'waited', align: 'right', isWide: true },
      { title: 'size', align: 'right', isWide: true },
      { title: 'attempts', align: 'right', isWide: true },
    ],
    rows: comparison.tasks.map((task) => [task.taskId, ...cellsOf(task, colors)]),
    whenEmpty: 'The runs have no tasks.',
  };
}

function cellsOf(task: TaskDifference, colors: Colors): Cell[] {
  const each = (format: (task: TaskReport) => string): string => {
    const [before, after] = [task.base, task.other].map((side) =>
      side === undefined ? '-' : format(side),
    );
    return before === after ? (before ?? '') : `${before} → ${after}`;
  };
  return [
    each(({ state }) => sightOf(state, colors).word),
    each(({ rows, rowsUncounted }) => (rowsUncounted ? 'uncounted' : formatCount(rows))),
    { text: task.sameContent ? 'the same' : '', paint: colors.dim },
    each(({ runMs }) => formatDuration(runMs)),
    timeChange(task, colors),
    each(({ queueMs }) => formatDuration(queueMs)),
    each(({ bytes }) => formatBytes(bytes)),
    each(({ attemptCount }) => String(attemptCount)),
  ];
}

// Below this, two times of the same work differ by chance.
const CHANCE = 0.2;

function timeChange({ base, other }: TaskDifference, colors: Colors): Cell {
  const [old, fresh] = [Number(base?.runMs ?? 0), Number(other?.runMs ?? 0)];
  if (old === 0 || fresh === 0) return '';
  const change = fresh / old - 1;
  const text = `${change > 0 ? '+' : ''}${Math.round(change * 100)} %`;
  if (Math.abs(change) < CHANCE) return { text, paint: colors.dim };
  return { text, paint: change > 0 ? colors.yellow : colors.green };
}

/** What the tasks do not say: parameters, columns, and the document where the versions differ. */
function printRest(comparison: RunComparison, terminal: Terminal): void {
  const colors = terminal.outColors;
  const columns = comparison.tasks.flatMap((task) =>
    task.columns.map((column) => ({ ...column, name: `${task.taskId}.${column.name}` })),
  );
  printValues('parameters', comparison.parameters, terminal);
  printValues('columns', columns, terminal);
  if (comparison.documentDiff === '') return;
  terminal.print(`\n${colors.bold('document')}`);
  for (const line of printableLines(comparison.documentDiff.trimEnd()))
    terminal.print(paintDiff(line, colors));
  if (comparison.documentDiffTruncated) terminal.print(colors.dim('… and more'));
}

function printValues(title: string, values: readonly ValueDifference[], terminal: Terminal): void {
  const { bold, red, green } = terminal.outColors;
  if (values.length === 0) return;
  terminal.print(`\n${bold(title)}`);
  for (const { name, base, other } of values) {
    const [old, fresh] = [base, other].map((value) => printable(value) || '-');
    terminal.print(`  ${printable(name)}  ${red(old ?? '')} → ${green(fresh ?? '')}`);
  }
}

function paintDiff(line: string, colors: Colors): string {
  if (line.startsWith('+')) return colors.green(line);
  if (line.startsWith('-')) return colors.red(line);
  return line.startsWith('@@') ? colors.cyan(line) : line;
}

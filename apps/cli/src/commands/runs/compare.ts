import type { RunReport, TaskReport } from '@floe/client';
import type { Command } from 'commander';
import { withOutput, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { formatBytes, formatCount, formatDuration } from '../../render/amounts.ts';
import { printOutput, type Output } from '../../render/output.ts';
import { reportSummary } from '../../render/run-report.ts';
import { sightOf } from '../../render/states.ts';
import type { Cell } from '../../render/table.ts';
import { openClient } from '../../server/find-server.ts';
import type { Colors } from '../../terminal.ts';

export function addRunsCompare(runs: Command, context: CommandContext): void {
  const command = withOutput(runs.command('compare'))
    .argument('<run>', 'the id of a run')
    .argument('<run>', 'the id of another')
    .description('show what two runs did differently: states, rows and times of each task')
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
  const [first, second] = await Promise.all([
    client.getRunReport(before),
    client.getRunReport(after),
  ]);
  const { terminal } = context;
  for (const report of [first, second]) terminal.say(reportSummary(report, terminal.errorColors));
  const output = comparison(first, second, terminal.outColors);
  await printOutput(output, { terminal, format: options.output });
  return EXIT.succeeded;
}

type Pair = readonly [before: TaskReport | undefined, after: TaskReport | undefined];

function comparison(before: RunReport, after: RunReport, colors: Colors): Output {
  const olds = new Map(before.tasks.map((task) => [task.taskId, task]));
  const news = new Map(after.tasks.map((task) => [task.taskId, task]));
  const ids = [...new Set([...olds.keys(), ...news.keys()])];
  const pairs = ids.map((id): [string, Pair] => [id, [olds.get(id), news.get(id)]]);
  return {
    document: {
      before: before.run,
      after: after.run,
      tasks: pairs.map(([taskId, [old, fresh]]) => ({ taskId, before: old, after: fresh })),
    },
    columns: [
      { title: 'task' },
      { title: 'state' },
      { title: 'rows', align: 'right' },
      { title: 'ran', align: 'right' },
      { title: 'change', align: 'right' },
      { title: 'waited', align: 'right', isWide: true },
      { title: 'size', align: 'right', isWide: true },
      { title: 'attempts', align: 'right', isWide: true },
    ],
    rows: pairs.map(([id, pair]) => [id, ...cellsOf(pair, colors)]),
    whenEmpty: 'The runs have no tasks.',
  };
}

function cellsOf(pair: Pair, colors: Colors): Cell[] {
  const each = (format: (task: TaskReport) => string): string => {
    const [before, after] = pair.map((task) => (task === undefined ? '-' : format(task)));
    return before === after ? (before ?? '') : `${before} → ${after}`;
  };
  return [
    each(({ state }) => sightOf(state, colors).word),
    each(({ rows, rowsUncounted }) => (rowsUncounted ? 'uncounted' : formatCount(rows))),
    each(({ runMs }) => formatDuration(runMs)),
    timeChange(pair, colors),
    each(({ queueMs }) => formatDuration(queueMs)),
    each(({ bytes }) => formatBytes(bytes)),
    each(({ attemptCount }) => String(attemptCount)),
  ];
}

// Below this, two times of the same work differ by chance.
const CHANCE = 0.2;

function timeChange([before, after]: Pair, colors: Colors): Cell {
  const [old, fresh] = [Number(before?.runMs ?? 0), Number(after?.runMs ?? 0)];
  if (old === 0 || fresh === 0) return '';
  const change = fresh / old - 1;
  const text = `${change > 0 ? '+' : ''}${Math.round(change * 100)} %`;
  if (Math.abs(change) < CHANCE) return { text, paint: colors.dim };
  return { text, paint: change > 0 ? colors.yellow : colors.green };
}

import type { FloeClient, Impact, Lineage } from '@floe/client';
import type { Command } from 'commander';
import {
  isForPrograms,
  positiveInteger,
  withOutput,
  type OutputOptions,
} from '../command-options.ts';
import type { CommandContext, GlobalOptions } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { renderLineage } from '../render/lineage-tree.ts';
import { printDocument, type Output } from '../render/output.ts';
import { openClient } from '../server/find-server.ts';
import { showOutput } from '../show-output.ts';

type LineageOptions = GlobalOptions &
  OutputOptions & {
    readonly up?: true;
    readonly down?: true;
    readonly impact?: true;
    readonly depth?: number;
  };

export function addLineageCommand(program: Command, context: CommandContext): void {
  const command = withOutput(program.command('lineage'))
    .argument('<table[.column]>', 'as in SQL, like analytics.late_flights.mean_delay')
    .description('show where a table or column comes from, and who uses it')
    .option('--up', 'only where it comes from')
    .option('--down', 'only who uses it')
    .option('--impact', 'everything that a change of it reaches, with the workflows')
    .option('--depth <steps>', 'how many steps to follow (default: 5)', positiveInteger)
    .addHelpText('after', EXAMPLES)
    .action(async (name: string) =>
      context.endWith(await lineage(name, command.optsWithGlobals(), context)),
    );
}

const EXAMPLES = `
Each line is a column, how it takes part, and the workflow and task that make the next one of it:
value (as it is, computed or aggregated), condition, filter, join, group, sort, window. "?" marks what
is opaque, because SQL decides, or unresolved, because a database did not answer at apply.

Examples:
  floe lineage analytics.late_flights
  floe lineage analytics.late_flights.mean_delay --up
  floe lineage public.flights.delay --down --json
  floe lineage public.flights.delay --impact`;

async function lineage(
  name: string,
  options: LineageOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const client = await openClient(options, context);
  if (options.impact === true) return showImpact(client, name, options, context);
  const both = options.up === options.down;
  const up = both || options.up === true ? await ask(client, name, 'up', options) : undefined;
  const down = both || options.down === true ? await ask(client, name, 'down', options) : undefined;
  const { terminal } = context;
  const { output: format } = options;
  if (isForPrograms(format)) {
    const { dataset, column } = up ?? down!;
    await printDocument({ dataset, column, up, down }, { terminal, format });
    return EXIT.succeeded;
  }
  const answers = [...(up ? [{ up }] : []), ...(down ? [{ down }] : [])];
  for (const line of renderLineage(answers, terminal.outColors)) terminal.print(line);
  return EXIT.succeeded;
}

function ask(
  client: FloeClient,
  dataset: string,
  direction: 'up' | 'down',
  { depth }: LineageOptions,
): Promise<Lineage> {
  return client.getLineage({ dataset, direction, ...(depth === undefined ? {} : { depth }) });
}

async function showImpact(
  client: FloeClient,
  dataset: string,
  options: LineageOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { depth } = options;
  const ask = async () =>
    impactList(await client.getImpact({ dataset, ...(depth === undefined ? {} : { depth }) }));
  return showOutput(ask, options, context);
}

function impactList(impact: Impact): Output {
  return {
    document: impact,
    columns: [
      { title: 'reaches' },
      { title: 'columns' },
      { title: 'how' },
      { title: 'steps', align: 'right' },
      { title: 'workflows' },
    ],
    rows: impact.datasets.map((each) => [
      each.dataset,
      each.columns.length === 0 ? 'all' : each.columns.join(', '),
      each.byValue ? 'by value' : 'which rows',
      String(each.depth),
      each.workflowNames.join(', '),
    ]),
    whenEmpty: 'No applied workflow uses it.',
  };
}

import type { Command } from 'commander';
import { outputOptions, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { printOutput } from '../../render/output.ts';
import { reportOutput, reportSummary } from '../../render/run-report.ts';
import { openClient } from '../../server/find-server.ts';

export function addRunsReport(runs: Command, context: CommandContext): void {
  const command = runs
    .command('report')
    .argument('<run>', 'the id of the run')
    .description('show rows, bytes, time and peak memory of each task')
    .addHelpText('after', '\nExamples:\n  floe runs report 01a0…\n  floe runs report 01a0… --json')
    .action(async (runId: string) =>
      context.endWith(await report(runId, command.optsWithGlobals(), context)),
    );
  for (const option of outputOptions()) command.addOption(option);
}

async function report(
  runId: string,
  options: GlobalOptions & OutputOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const client = await openClient(options, context);
  const found = await client.getRunReport(runId);
  const { terminal } = context;
  terminal.say(reportSummary(found, terminal.errorColors));
  const output = reportOutput(found, terminal.outColors);
  await printOutput(output, { terminal, format: options.output });
  return EXIT.succeeded;
}

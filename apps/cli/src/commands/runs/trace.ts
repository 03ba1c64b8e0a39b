import type { Command } from 'commander';
import { withOutput, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { EXIT } from '../../exit-code.ts';
import { printOutput } from '../../render/output.ts';
import { openClient } from '../../server/find-server.ts';

export function addRunsTrace(runs: Command, context: CommandContext): void {
  const command = withOutput(runs.command('trace'))
    .argument('<run>', 'the id of the run')
    .description('print the trace of a run: its id, and a link where a Jaeger is configured')
    .addHelpText(
      'after',
      '\nExamples:\n  floe runs trace 01a0…\n  xdg-open "$(floe runs trace 01a0… --json | jq -r .traceUrl)"',
    )
    .action(async (runId: string) => {
      const options: GlobalOptions & OutputOptions = command.optsWithGlobals();
      const client = await openClient(options, context);
      const { traceId, traceUrl } = await client.getRun(runId);
      const { terminal } = context;
      const output = {
        document: { runId, traceId, traceUrl },
        columns: [{ title: 'trace' }, { title: 'link' }],
        rows: [[traceId, traceUrl]],
        whenEmpty: '',
      };
      await printOutput(output, { terminal, format: options.output });
      if (traceUrl === '')
        terminal.say('FLOE_JAEGER_URL at the start of Floe makes links of traces.');
      context.endWith(EXIT.succeeded);
    });
}

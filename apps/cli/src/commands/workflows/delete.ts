import type { Command } from 'commander';
import { withOutput, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { EXIT } from '../../exit-code.ts';
import { printDone } from '../../render/output.ts';
import { openClient } from '../../server/find-server.ts';

export function addWorkflowsDelete(workflows: Command, context: CommandContext): void {
  const command = withOutput(workflows.command('delete'))
    .argument('<workflow>', 'its name')
    .description('hide a workflow: no new runs; its runs stay, and applying it brings it back')
    .addHelpText('after', '\nExamples:\n  floe workflows delete late-flights')
    .action(async (name: string) => {
      const options: GlobalOptions & OutputOptions = command.optsWithGlobals();
      const client = await openClient(options, context);
      await client.deleteWorkflow(name);
      const { terminal } = context;
      const done = { document: { deleted: name }, sentence: `Workflow ${name} is deleted.` };
      await printDone(done, { terminal, format: options.output });
      context.endWith(EXIT.succeeded);
    });
}

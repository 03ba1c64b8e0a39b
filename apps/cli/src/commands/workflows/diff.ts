import type { Command } from 'commander';
import { positiveInteger } from '../../command-options.ts';
import type { CommandContext } from '../../context.ts';
import { diff, withDiffOptions } from '../diff.ts';

export function addWorkflowsDiff(workflows: Command, context: CommandContext): void {
  const command = withDiffOptions(workflows.command('diff'))
    .argument('<workflow>', 'its name')
    .argument(
      '[before]',
      'the number of a version; without it the one before the last',
      positiveInteger,
    )
    .argument('[after]', 'the number of another; without it the newest', positiveInteger)
    .description('show what differs between two versions of a workflow')
    .addHelpText(
      'after',
      '\nfloe diff compares documents, too.\n\nExamples:\n  floe workflows diff late-flights\n  floe workflows diff late-flights 3 5',
    )
    .action(async (name: string, before: number | undefined, after: number | undefined) => {
      const first = before === undefined ? name : `${name}@${before}`;
      const second = after === undefined ? undefined : `${name}@${after}`;
      context.endWith(await diff([first, second], command.optsWithGlobals(), context));
    });
}

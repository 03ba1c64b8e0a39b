import type { WorkflowVersion } from '@floe/client';
import type { Command } from 'commander';
import { limit, withOutput, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { formatAge } from '../../render/amounts.ts';
import type { Output } from '../../render/output.ts';
import { openClient } from '../../server/find-server.ts';
import { showOutput } from '../../show-output.ts';

type VersionsOptions = GlobalOptions & OutputOptions & { readonly limit: number };

export function addWorkflowsVersions(workflows: Command, context: CommandContext): void {
  const command = withOutput(workflows.command('versions'))
    .argument('<workflow>', 'its name')
    .description('list the versions of a workflow, the newest first')
    .option('--limit <count>', 'how many at most (up to 500)', limit, 20)
    .addHelpText(
      'after',
      "\nExamples:\n  floe workflows versions late-flights\n  floe workflows versions late-flights --json | jq -r '.versions[].digest'",
    )
    .action(async (name: string) => {
      const options: VersionsOptions = command.optsWithGlobals();
      const client = await openClient(options, context);
      const ask = async () =>
        versionList(await client.listWorkflowVersions(name, { pageSize: options.limit }));
      context.endWith(await showOutput(ask, options, context));
    });
}

function versionList(answer: { readonly versions: readonly WorkflowVersion[] }): Output {
  const now = Date.now();
  return {
    document: answer,
    columns: [
      { title: 'version', align: 'right' },
      { title: 'tasks', align: 'right' },
      { title: 'applied' },
      { title: 'digest' },
    ],
    rows: answer.versions.map(({ version, tasks, createTime, digest }) => [
      String(version),
      String(tasks.length),
      formatAge(createTime, now),
      digest,
    ]),
    whenEmpty: 'It has no versions.',
  };
}

import type { RunLineage } from '@floe/client';
import type { Command } from 'commander';
import { withOutput, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { formatBytes, formatCount } from '../../render/amounts.ts';
import type { Output } from '../../render/output.ts';
import { openClient } from '../../server/find-server.ts';
import { showOutput } from '../../show-output.ts';

export function addRunsLineage(runs: Command, context: CommandContext): void {
  const command = withOutput(runs.command('lineage'))
    .argument('<run>', 'the id of the run')
    .description('show what went from task to task, and from and to tables and files')
    .addHelpText(
      'after',
      '\nExamples:\n  floe runs lineage 01a0…\n  floe runs lineage 01a0… -o wide',
    )
    .action(async (runId: string) => {
      const options: GlobalOptions & OutputOptions = command.optsWithGlobals();
      const client = await openClient(options, context);
      const ask = async () => edgeList(await client.getRunLineage(runId));
      context.endWith(await showOutput(ask, options, context));
    });
}

function edgeList(lineage: RunLineage): Output {
  return {
    document: lineage,
    columns: [
      { title: 'from' },
      { title: 'to' },
      { title: 'rows', align: 'right' },
      { title: 'size', align: 'right' },
      { title: 'checksum', isWide: true },
      { title: 'kept at', isWide: true },
    ],
    rows: lineage.edges.map((edge) => [
      edge.from,
      edge.to,
      edge.rowsUncounted ? 'uncounted' : formatCount(edge.rows),
      Number(edge.bytes) > 0 ? formatBytes(edge.bytes) : '',
      edge.checksum,
      edge.uri,
    ]),
    whenEmpty: 'Nothing has gone from task to task.',
  };
}

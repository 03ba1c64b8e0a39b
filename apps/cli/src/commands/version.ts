import type { Command } from 'commander';
import { withOutput, type OutputOptions } from '../command-options.ts';
import type { CommandContext } from '../context.ts';
import { printRecord } from '../render/output.ts';
import { FLOE_VERSION } from '../version.ts';

export function addVersionCommand(program: Command, { terminal }: CommandContext): void {
  withOutput(program.command('version'))
    .description('print the versions of floe and of node')
    .addHelpText('after', '\nExamples:\n  floe version\n  floe version --json')
    .action(async ({ output: format }: OutputOptions) => {
      const versions = { floe: FLOE_VERSION, node: process.versions.node };
      const line = `floe ${versions.floe} (node ${versions.node})`;
      await printRecord({ document: versions, line }, { terminal, format });
    });
}

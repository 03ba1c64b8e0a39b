import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { FLOE_VERSION } from '../version.ts';

export function addVersionCommand(program: Command, { terminal }: CommandContext): void {
  program
    .command('version')
    .description('print the versions of floe and of node')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExamples:\n  floe version\n  floe version --json')
    .action(({ json = false }: { readonly json?: boolean }) => {
      const versions = { floe: FLOE_VERSION, node: process.versions.node };
      terminal.print(
        json
          ? JSON.stringify(versions, undefined, 2)
          : `floe ${versions.floe} (node ${versions.node})`,
      );
    });
}

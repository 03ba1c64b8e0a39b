import { Argument, type Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

export function addCompletionCommand(program: Command, context: CommandContext): void {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'the shell that reads it').choices(SHELLS))
    .description('print what makes a shell complete the words of floe')
    .addHelpText('after', EXAMPLES)
    .action(async (shell: (typeof SHELLS)[number]) => {
      const { COMPLETION_SCRIPTS } = await import('../complete/scripts.ts');
      context.terminal.print(COMPLETION_SCRIPTS[shell]);
      context.endWith(EXIT.succeeded);
    });
}

const EXAMPLES = `
Completes commands, options and their values; names of workflows, schedules, connections and executors, and ids of runs,
from the server, as long as that answers within half a second.

Examples:
  source <(floe completion bash)                                   # in ~/.bashrc
  source <(floe completion zsh)                                    # in ~/.zshrc, after compinit
  floe completion fish > ~/.config/fish/completions/floe.fish`;

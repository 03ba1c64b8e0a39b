import { once } from 'node:events';
import { Option, type Command } from 'commander';
import { positiveInteger } from '../command-options.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { listenForInterruption } from '../interruption.ts';
import type { Supervisor } from '../demo/supervisor.ts';
import { formatDuration } from '../render/amounts.ts';
import { stateDirOf } from '../server/find-server.ts';
import { startUnlessInterrupted } from '../server/start-unless-interrupted.ts';
import type { Terminal } from '../terminal.ts';
import { embeddedOptions, type UpOptions } from './up.ts';

type DemoOptions = UpOptions & {
  readonly keep?: true;
  readonly exit?: true;
  readonly limitRows?: number;
};

export function addDemoCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('demo')
    .description('see it work: three million real flights through the whole system')
    .addOption(
      new Option('--keep', 'stay up afterwards, also without a terminal').conflicts('exit'),
    )
    .option('--exit', 'stop everything afterwards, also with a terminal')
    .option('--limit-rows <count>', 'load only so many flights', positiveInteger)
    .addHelpText('after', EXAMPLES)
    .action(async () => context.endWith(await demo(command.optsWithGlobals(), context)));
  for (const option of embeddedOptions()) command.addOption(option);
}

const EXAMPLES = `
The first time loads the flights into PostgreSQL; later ones find them there. On a terminal everything stays up
until Ctrl-C, so that there is something to look at.

Examples:
  floe demo
  floe demo --exit --limit-rows 200000`;

async function demo(options: DemoOptions, context: CommandContext): Promise<ExitCode> {
  const { terminal, env } = context;
  const { bold, green } = terminal.errorColors;
  terminal.say(bold('Three million real flights, from PostgreSQL through Polars and back.\n'));
  const stateDir = stateDirOf(options, env);
  const startedAt = performance.now();
  const [{ ensureSupervisor }, { runDemo }] = await Promise.all([
    import('../demo/supervisor.ts'),
    import('../demo/run-demo.ts'),
  ]);
  const start = () => ensureSupervisor({ stateDir, words: upWords(options), terminal });
  const supervisor = await untilItIsUp(start, terminal);
  if (supervisor === undefined) return EXIT.interrupted;
  const how = supervisor.isOwn
    ? `after ${formatDuration(performance.now() - startedAt)}`
    : 'already';
  terminal.say(`${green('✓')} Floe is up ${how}`);
  let hasDied = false;
  void supervisor.died.then(() => {
    hasDied = true;
    terminal.say(SUPERVISOR_DIED);
  });
  try {
    const exitCode = await runDemo(
      supervisor,
      { stateDir, rowLimit: options.limitRows ?? 0 },
      context,
    );
    if (exitCode === EXIT.succeeded && staysUp(options, context)) await stay(supervisor, context);
    return exitCode;
  } finally {
    if (supervisor.isOwn && !hasDied) {
      terminal.say('Stopping … Look again with: floe up');
      await supervisor.stop();
    }
  }
}

/** Ctrl-C meanwhile leaves nothing behind; after that it ends the demo, and what the demo has started with it. */
async function untilItIsUp(
  start: () => Promise<Supervisor>,
  terminal: Terminal,
): Promise<Supervisor | undefined> {
  using interruption = listenForInterruption();
  return await startUnlessInterrupted(start, { signal: interruption.signal, terminal });
}

const SUPERVISOR_DIED =
  'The process that started everything was killed. The services go on for ten minutes without it; floe up takes over.';

function upWords({ portBase, executors, slots }: DemoOptions): string[] {
  const word = (name: string, value: number | undefined): string[] =>
    value === undefined ? [] : [name, String(value)];
  return [
    ...word('--port-base', portBase),
    ...word('--executors', executors),
    ...word('--slots', slots),
  ];
}

function staysUp({ keep, exit }: DemoOptions, { terminal }: CommandContext): boolean {
  return keep === true || (exit !== true && terminal.isPersonReading);
}

async function stay(supervisor: Supervisor, { terminal }: CommandContext): Promise<void> {
  if (!supervisor.isOwn) return;
  terminal.say('\nEverything stays up until Ctrl-C.');
  using interruption = listenForInterruption();
  await Promise.race([once(interruption.signal, 'abort'), supervisor.died]);
}

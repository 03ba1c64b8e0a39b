import type { EventFilter, ReceivedEvent } from '@floe/bus';
import { Option, type Command } from 'commander';
import { positiveInteger, withStreamOutput, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { listenForInterruption } from '../../interruption.ts';
import { printable } from '../../render/printable.ts';
import { findNats } from '../../server/find-nats.ts';
import { silentLog } from '../../silent-log.ts';
import type { Terminal } from '../../terminal.ts';

type TailOptions = GlobalOptions &
  OutputOptions & {
    readonly workflow?: string;
    readonly run?: string;
    readonly type?: string;
    readonly after?: number;
    readonly all?: true;
    readonly limit?: number;
  };

const ENTITIES = ['run', 'task', 'dataset'] as const;
// A server on the way answers within milliseconds; one that is down should say so before a person wonders.
const CONNECT_WITHIN_MS = 4_000;

export function addEventsTail(events: Command, context: CommandContext): void {
  const command = withStreamOutput(events.command('tail'), 'event')
    .description('print events as they come, until Ctrl-C')
    .option('--workflow <workflow>', 'only events of this workflow')
    .option('--run <run>', 'only events of this run')
    .option('--type <type>', 'only these: run, task, dataset, or one like run.failed')
    .addOption(
      new Option('--after <place>', 'go on after this place in the stream')
        .argParser(positiveInteger)
        .conflicts('all'),
    )
    .option('--all', 'from the oldest event that is kept on')
    .option('--limit <count>', 'end after so many events', positiveInteger)
    .addHelpText('after', EXAMPLES)
    .action(async () => context.endWith(await tail(command.optsWithGlobals(), context)));
}

const EXAMPLES = `
Reads the stream FLOE_EVENTS of NATS, at FLOE_NATS_URL or that of the local floe up. \`place\` counts the events of the
stream: a script that keeps the last one it has seen goes on with --after and misses none.

Examples:
  floe events tail
  floe events tail --workflow late-flights --type run.failed
  floe events tail --all --limit 100 --json | jq -r '.event.event'`;

async function tail(options: TailOptions, context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  const filter = filterOf(options);
  const nats = await findNats(options, context);
  using interruption = listenForInterruption();
  const { connectBus } = await import('@floe/bus');
  await using bus = await connectBus({
    ...nats,
    name: 'floe-cli',
    log: silentLog(),
    connectWithinMs: CONNECT_WITHIN_MS,
  });
  const fromSequence =
    options.all === true ? undefined : (options.after ?? (await bus.newestEvent())) + 1;
  const { signal } = interruption;
  // An empty screen says nothing to a person; a program reads no such line.
  if (terminal.isLive && terminal.isPersonReading)
    terminal.say(terminal.errorColors.dim('Waiting for events. Ctrl-C ends it.'));
  let left = options.limit ?? Infinity;
  for await (const received of bus.subscribeEvents({
    filter,
    signal,
    ...(fromSequence !== undefined && { fromSequence }),
  })) {
    print(received, { terminal, isJson: options.output === 'json' });
    left -= 1;
    if (left === 0) return EXIT.succeeded;
  }
  return signal.aborted ? EXIT.interrupted : EXIT.succeeded;
}

function filterOf({ workflow, run, type = '' }: TailOptions): EventFilter {
  const [entity = '', event] = type.split(/\.(.*)/s);
  const found = ENTITIES.find((one) => one === entity);
  return {
    ...(workflow !== undefined && { workflow }),
    ...(run !== undefined && { runId: run }),
    ...(found !== undefined && { entity: found }),
    // What begins with no entity means no event that there is; NATS then gives none.
    ...(found === undefined && type !== '' && { event: type }),
    ...(event !== undefined && event !== '' && found !== undefined && { event }),
  };
}

function print(
  { event, streamSequence }: ReceivedEvent,
  { terminal, isJson }: { readonly terminal: Terminal; readonly isJson: boolean },
): void {
  if (isJson) {
    terminal.print(JSON.stringify({ place: streamSequence, event }));
    return;
  }
  const colors = terminal.outColors;
  const { entity, event: what, workflow, runId, timeMs, data } = event;
  const task = typeof data['taskId'] === 'string' ? data['taskId'] : '';
  const words = [
    colors.dim(`${streamSequence} ${new Date(timeMs).toISOString().slice(11, 23)}`),
    colors.bold(printable(`${entity}.${what}`)),
    printable(workflow),
    colors.dim(printable(runId)),
    printable(task),
  ];
  terminal.print(words.join('  ').trimEnd());
}

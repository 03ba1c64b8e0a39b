import { FloeError } from '@floe/errors';
import { parseDurationMs } from '@floe/workflow/duration';
import { InvalidArgumentError, type Command } from 'commander';
import { withOutput, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { formatPlural } from '../../render/amounts.ts';
import { printDone } from '../../render/output.ts';
import { openClient } from '../../server/find-server.ts';
import { tlsFilesOf } from '../../server/own-certificate.ts';
import { silentLog } from '../../silent-log.ts';

type DrainOptions = GlobalOptions &
  OutputOptions & {
    /** Milliseconds. */
    readonly within?: number;
  };

// It answers at once; what it drains goes on without this command.
const ANSWER_WITHIN_MS = 5_000;

export function addExecutorsDrain(executors: Command, context: CommandContext): void {
  const command = withOutput(executors.command('drain'))
    .argument('<executor>', 'its id, as in floe executors list')
    .description('let an executor take nothing new, end what it runs, and stop')
    .option('--within <duration>', 'how long what runs may take (up to 1h; 30s)', readWithin)
    .addHelpText('after', EXAMPLES)
    .action(async (id: string) =>
      context.endWith(await drain(id, command.optsWithGlobals(), context)),
    );
}

const EXAMPLES = `
What has not ended by then is tried again by another executor. The command speaks to the executor itself, at its address
in the list, and does not wait.

Examples:
  floe executors drain executor-1
  floe executors drain executor-1 --within 10m`;

async function drain(
  id: string,
  options: DrainOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const client = await openClient(options, context);
  const executors = await client.listExecutors();
  const found = executors.find(({ executorId }) => executorId === id);
  if (found === undefined) {
    throw new FloeError('ARGUMENT_INVALID', `no executor is called ${JSON.stringify(id)}`, {
      hint: `There are: ${executors.map(({ executorId }) => executorId).join(', ') || 'none'}.`,
    });
  }
  const { createRpcClient, openSecurity } = await import('@floe/rpc');
  const { DrainRequest, ExecutorService } = await import('@floe/rpc/contracts');
  const settings = { tls: tlsFilesOf(context.env), plaintext: 'loopback' } as const;
  using security = await openSecurity(settings, silentLog());
  const executor = createRpcClient(ExecutorService, {
    name: 'executor',
    addresses: [found.address],
    deadlineMs: ANSWER_WITHIN_MS,
    idempotent: ['drain'],
    tls: security.tls,
  });
  try {
    const deadlineMs = String(options.within ?? 0);
    const { runningAttempts } = await executor.drain(DrainRequest.fromJSON({ deadlineMs }));
    const sentence = `${id} drains: ${formatPlural(runningAttempts, 'attempt')} to end.`;
    const document = { executorId: id, runningAttempts };
    await printDone({ document, sentence }, { terminal: context.terminal, format: options.output });
    return EXIT.succeeded;
  } finally {
    executor.close();
  }
}

function readWithin(text: string): number {
  const ms = parseDurationMs(text);
  if (ms === undefined) throw new InvalidArgumentError('A duration is written like 30s or 10m.');
  return ms;
}

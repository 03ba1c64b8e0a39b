import { createFloeClient, type FloeClient } from '@floe/client';
import { toFloeError } from '@floe/errors';
import type { CommandContext, GlobalOptions } from '../context.ts';
import { findServer, stateDirOf, tokenOf } from './find-server.ts';
import { startUnlessInterrupted } from './start-unless-interrupted.ts';

/** A server for one command: one that runs, or one that was started for it and stops with it. */
export type Server = AsyncDisposable & {
  readonly client: FloeClient;
  /** Started for this command. */
  readonly isOwn: boolean;
};

type Opening = {
  readonly context: CommandContext;
  readonly mayStart: boolean;
  readonly signal: AbortSignal;
};

// One that is only started for a run on this machine needs no second executor.
const OWN_EXECUTORS = 1;

/**
 * The server that the options mean. With `mayStart`, one is started on this machine when none answers and the options
 * named none; undefined when the signal came before it was up. Errors: SERVICE_UNAVAILABLE; those of starting.
 */
export async function openServer(
  options: GlobalOptions,
  { context, mayStart, signal }: Opening,
): Promise<Server | undefined> {
  const { url, isGiven } = await findServer(options, context.env);
  const client = createFloeClient({ baseUrl: url, ...tokenOf(context.env) });
  if (!mayStart || isGiven || (await answers(client))) {
    return { client, isOwn: false, [Symbol.asyncDispose]: async () => {} };
  }
  return startOwn(options, context, signal);
}

async function answers(client: FloeClient): Promise<boolean> {
  try {
    await client.checkReady();
    return true;
  } catch (thrown) {
    const error = toFloeError(thrown);
    if (error.category === 'unavailable') return false;
    throw error;
  }
}

async function startOwn(
  options: GlobalOptions,
  context: CommandContext,
  signal: AbortSignal,
): Promise<Server | undefined> {
  const { terminal, env } = context;
  terminal.say('No Floe is running here: starting one for this run.');
  const { startEmbeddedFloe } = await import('@floe/embedded');
  const start = () =>
    startEmbeddedFloe({
      stateDir: stateDirOf(options, env),
      executors: OWN_EXECUTORS,
      report: (line) => terminal.say(terminal.errorColors.dim(line)),
      env,
    });
  const floe = await startUnlessInterrupted(start, { signal, terminal });
  if (floe === undefined) return undefined;
  return {
    client: createFloeClient({ baseUrl: floe.endpoints.gateway }),
    isOwn: true,
    [Symbol.asyncDispose]: () => floe.stop(),
  };
}

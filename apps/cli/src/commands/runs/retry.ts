import { InvalidArgumentError, type Command } from 'commander';
import { FloeError } from '@floe/errors';
import { withOutput, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { openClient } from '../../server/find-server.ts';
import { showRun } from './steer.ts';

type RetryOptions = GlobalOptions &
  OutputOptions & { readonly from?: string; readonly item?: string };

const EXAMPLES = `
Examples:
  floe runs retry 01a0…
  floe runs retry 01a0… ranking
  floe runs retry 01a0… count --item 3
  floe runs retry 01a0… count --item 0-9 --item 12
  floe runs retry 01a0… count --item failed`;

export function addRunsRetry(runs: Command, context: CommandContext): void {
  const command = withOutput(runs.command('retry'))
    .argument('<run>', 'the id of a run that has ended')
    .argument('[task]', 'run again this task and all that follows from it')
    .description('run again what did not succeed, as a new run that keeps the good results')
    .option('--from <task>', 'the same as the task after the run')
    .option(
      '--item <positions>',
      'of the items of the task only these, counted from 0: 3, 0-9 or failed; may be repeated',
      collectItems,
    )
    .addHelpText('after', EXAMPLES)
    .action(async (runId: string, taskId: string | undefined) => {
      const options: RetryOptions = command.optsWithGlobals();
      const from = chooseTask(taskId, options);
      const client = await openClient(options, context);
      const run = await client.retryRun(runId, { ...from, ...itemsOf(options) });
      context.endWith(await showRun(run, options, context));
    });
}

function chooseTask(
  taskId: string | undefined,
  { from, item }: RetryOptions,
): { readonly fromTaskId?: string } {
  if (taskId !== undefined && from !== undefined && taskId !== from) {
    throw invalid(`two tasks are named, ${taskId} and ${from}`, 'Name one of them.');
  }
  const fromTaskId = taskId ?? from;
  if (fromTaskId === undefined && item !== undefined) {
    const hint = 'Name the task too: floe runs retry RUN TASK --item 3';
    throw invalid('--item needs the task that the items are of', hint);
  }
  return fromTaskId === undefined ? {} : { fromTaskId };
}

function itemsOf({ item }: RetryOptions): { readonly items?: string } {
  return item === undefined ? {} : { items: item };
}

/** One text of all that were named, as the server reads it. */
function collectItems(given: string, before: string | undefined): string {
  if (!/^(?:failed|[\d ,-]+)$/.test(given)) {
    throw new InvalidArgumentError('Items are counted from 0: write 3, 0-9 or 3,7-9, or failed.');
  }
  if (before === undefined) return given;
  if (before === 'failed' || given === 'failed') {
    throw new InvalidArgumentError('failed stands alone: it is all items that did not succeed.');
  }
  return `${before},${given}`;
}

function invalid(message: string, hint: string): FloeError {
  return new FloeError('ARGUMENT_INVALID', message, { hint });
}

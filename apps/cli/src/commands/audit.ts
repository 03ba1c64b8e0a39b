import type { AuditEntry } from '@floe/client';
import type { Command } from 'commander';
import { limit, withOutput } from '../command-options.ts';
import type { CommandContext, GlobalOptions } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';
import { readSince } from '../read-since.ts';
import type { Output } from '../render/output.ts';
import { openClient } from '../server/find-server.ts';
import { showOutput, WATCH_FLAG, WATCH_MEANS, type ShowOptions } from '../show-output.ts';

type AuditOptions = GlobalOptions &
  ShowOptions & {
    readonly actor?: string;
    readonly object?: string;
    readonly action?: string;
    readonly since?: string;
    readonly until?: string;
    readonly limit: number;
    readonly pageToken?: string;
  };

export function addAuditCommand(program: Command, context: CommandContext): void {
  const command = withOutput(program.command('audit'))
    .description('see who changed what, when, from where and with what result')
    .option('--actor <actor>', 'only by this caller, like token:ci')
    .option('--object <object>', 'only about this object, like workflows/late-flights')
    .option('--action <action>', 'only this operation, like startRun')
    .option('--since <time>', 'only since then: 2h ago, or a day or instant', readSince)
    .option('--until <time>', 'only before then', readSince)
    .option('--limit <count>', 'how many at most (up to 500)', limit, 50)
    .option('--page-token <token>', 'go on after the page that gave this token')
    .option(WATCH_FLAG, WATCH_MEANS)
    .addHelpText('after', EXAMPLES)
    .action(async () => context.endWith(await audit(command.optsWithGlobals(), context)));
}

const EXAMPLES = `
Examples:
  floe audit
  floe audit --since 1d --action deleteWorkflow
  floe audit --object workflows/late-flights -o wide
  floe audit --actor token:ci --json | jq -r '.entries[].object'`;

async function audit(options: AuditOptions, context: CommandContext): Promise<ExitCode> {
  const client = await openClient(options, context);
  const { actor, object, action, since, until, limit: pageSize, pageToken = '' } = options;
  const filter = {
    pageSize,
    pageToken,
    ...(actor && { actor }),
    ...(object && { object }),
    ...(action && { action }),
    ...(since && { fromTime: since }),
    ...(until && { toTime: until }),
  };
  const ask = async () => entryList(await client.listAuditEntries(filter));
  return showOutput(ask, options, context);
}

function entryList(answer: { readonly entries: readonly AuditEntry[] }): Output {
  return {
    document: answer,
    columns: [
      { title: 'when' },
      { title: 'who' },
      { title: 'did' },
      { title: 'to' },
      { title: 'result' },
      { title: 'from', isWide: true },
      { title: 'trace', isWide: true },
    ],
    rows: answer.entries.map((entry) => [
      entry.occurTime,
      entry.actor,
      entry.action,
      entry.object,
      resultOf(entry),
      entry.address,
      entry.traceId,
    ]),
    whenEmpty: 'Nothing of that kind was asked for.',
  };
}

function resultOf({ status, errorCode }: AuditEntry): string {
  if (status === 0) return 'not known';
  return errorCode === '' ? 'done' : errorCode;
}

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createFloeClient, type FloeClient, type Run } from '@floe/client';
import type { Endpoints } from '@floe/embedded';
import { applyDocument } from '../commands/apply.ts';
import type { CommandContext } from '../context.ts';
import { readDocument } from '../documents.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { waitForRun } from '../follow/wait-for-run.ts';
import { patiently } from '../server/patiently.ts';
import { whereToLook } from '../render/where-to-look.ts';
import { databaseAddress } from '../server/read-endpoints.ts';
import type { Terminal } from '../terminal.ts';
import { connectDemo } from './connect-demo.ts';
import { loadFlights } from './load-flights.ts';
import { prepareWarehouse } from './prepare-warehouse.ts';
import { showResults } from './show-results.ts';
import type { Supervisor } from './supervisor.ts';

const EXAMPLE = fileURLToPath(new URL('../../../../examples/late-flights.yaml', import.meta.url));

export type DemoOptions = { readonly stateDir: string; readonly rowLimit: number };

/** Loads the flights, applies the example, runs it, shows what came of it. `supervisor` is running. */
export async function runDemo(
  supervisor: Supervisor,
  options: DemoOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal } = context;
  const { endpoints } = supervisor;
  const client = createFloeClient({ baseUrl: endpoints.gateway });
  const database = await databaseAddress(endpoints, endpoints.postgres.demoDatabase);
  const scratchDir = join(options.stateDir, 'demo');
  await mkdir(scratchDir, { recursive: true });

  const remark = () => terminal.say('PostgreSQL or a service is away; trying again …');
  await patiently(
    () => loadFlights(database, { terminal, scratchDir, rowLimit: options.rowLimit }),
    { onWait: remark },
  );
  await patiently(() => prepareWarehouse(database), { onWait: remark });
  await patiently(() => connectDemo(client, database, endpoints.postgres.passwordFile), {
    onWait: remark,
  });
  const source = await readDocument(EXAMPLE);
  const applied = await patiently(() => applyDocument(client, source, context), { onWait: remark });
  if (applied?.version === undefined) return EXIT.invalid;
  const { workflowName, version } = applied.version;
  sayDone(terminal, `${source.path}: version ${version}${applied.unchanged ? ', unchanged' : ''}`);

  const run = await startRun(client, workflowName);
  terminal.say('');
  const howToReturn = supervisor.isOwn
    ? { howToReturn: 'It stops with this Floe and continues with the next: floe up' }
    : {};
  const waited = await waitForRun(client, run.runId, { terminal, ...howToReturn });
  if (waited.exitCode !== EXIT.succeeded) return waited.exitCode;
  await showResults({ client, warehouse: database, runId: run.runId }, terminal);
  sayWhereToLook(waited.run, { endpoints, options, context });
  return EXIT.succeeded;
}

/** The same id for every try: a request that was lost on its way back starts no second run. */
async function startRun(client: FloeClient, workflowName: string): Promise<Run> {
  const requestId = crypto.randomUUID();
  const { run } = await patiently(() => client.startRun({ workflowName, requestId }));
  return run;
}

type Place = {
  readonly endpoints: Endpoints;
  readonly options: DemoOptions;
  readonly context: CommandContext;
};

function sayWhereToLook(run: Run, { endpoints, options, context }: Place): void {
  const { terminal, env } = context;
  const colors = terminal.errorColors;
  terminal.say(`\n${colors.bold('Where to look')}\n`);
  const lines = whereToLook(endpoints, { stateDir: options.stateDir, env, colors, run });
  for (const line of lines) terminal.say(line);
}

function sayDone(terminal: Terminal, text: string): void {
  terminal.say(`${terminal.errorColors.green('✓')} ${text}`);
}

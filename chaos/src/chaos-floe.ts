/**
 * A whole Floe to break, with several schedulers and executors, in a folder that goes away with it.
 */
import { randomInt } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFloeClient, type FloeClient } from '@floe/client';
import { openTarget } from '@floe/database';
import { startEmbeddedFloe, type EmbeddedFloe, type EmbeddedOptions } from '@floe/embedded';
import { FloeError } from '@floe/errors';
import { Versions } from './upgrade/versions.ts';
import { TABLES, WORKFLOWS } from './workflows.ts';

export type Say = (line: string) => void;

export type ChaosFloe = AsyncDisposable & {
  readonly stateDir: string;
  readonly embedded: EmbeddedFloe;
  readonly versions: Versions;
  readonly client: FloeClient;
  /** Runs a statement in the database that the loads fill, or in the control database. */
  readonly sql: <Row extends object>(database: 'demo' | 'control', text: string) => Promise<Row[]>;
};

const SCHEDULERS = 2;
const EXECUTORS = 2;
const SLOTS = 2;
// Below the range from which Linux gives ports to outgoing connections, above the well-known ones.
const PORT_BASE_FIRST = 15_000;
const PORT_BASE_LAST = 30_000;
// Of fifteen thousand ports few are taken: so many misses in a row are no bad luck.
const PORT_ATTEMPTS_MAX = 20;

/** `before` is the checkout of an older version to start with; see Versions. */
export async function startChaosFloe(say: Say, before?: string): Promise<ChaosFloe> {
  const stateDir = await mkdtemp(join(tmpdir(), 'floe-chaos-'));
  try {
    const versions = await Versions.prepare(stateDir, before);
    const embedded = await startOnFreePorts({ stateDir, root: versions.link, report: say });
    const floe: ChaosFloe = {
      stateDir,
      embedded,
      versions,
      client: createFloeClient({ baseUrl: embedded.endpoints.gateway }),
      sql: (database, text) => query(embedded, { database, text }),
      async [Symbol.asyncDispose]() {
        await embedded.stop();
        // To look at the logs of a failure.
        if (process.exitCode === undefined) await rm(stateDir, { recursive: true, force: true });
        else say(`the state and the logs are in ${stateDir}`);
      },
    };
    await prepare(floe);
    return floe;
  } catch (error) {
    await rm(stateDir, { recursive: true, force: true });
    throw error;
  }
}

/** Floe itself refuses ports that are taken, before it starts anything, so that trying is the whole search. */
async function startOnFreePorts(
  place: Pick<EmbeddedOptions, 'stateDir' | 'root' | 'report'>,
): Promise<EmbeddedFloe> {
  for (let attempt = 1; ; attempt += 1) {
    const portBase = randomInt(PORT_BASE_FIRST, PORT_BASE_LAST);
    const size = { schedulers: SCHEDULERS, executors: EXECUTORS, slots: SLOTS };
    try {
      return await startEmbeddedFloe({ ...place, portBase, ...size });
    } catch (error) {
      const isTaken = error instanceof FloeError && error.code === 'PORT_TAKEN';
      if (!isTaken || attempt >= PORT_ATTEMPTS_MAX) throw error;
    }
  }
}

async function query<Row extends object>(
  embedded: EmbeddedFloe,
  { database, text }: { database: 'demo' | 'control'; text: string },
): Promise<Row[]> {
  const { host, port, user, passwordFile, ...names } = embedded.endpoints.postgres;
  const password = (await readFile(passwordFile, 'utf8')).trim();
  const name = database === 'demo' ? names.demoDatabase : names.controlDatabase;
  const options = { applicationName: 'floe:chaos', statementTimeoutMs: 10_000 };
  await using session = await openTarget({ host, port, user, password, database: name }, options);
  return [...(await session.query<Row>(text))];
}

async function prepare(floe: ChaosFloe): Promise<void> {
  const { client, embedded } = floe;
  const { host, port, user, passwordFile, demoDatabase } = embedded.endpoints.postgres;
  for (const name of ['source', 'warehouse']) {
    await client.setConnection({
      name,
      host,
      port,
      database: demoDatabase,
      username: user,
      secretReference: `file:${passwordFile}`,
      sslMode: 'SSL_MODE_DISABLE',
    });
  }
  for (const table of TABLES) await floe.sql('demo', table);
  for (const { document } of Object.values(WORKFLOWS)) await client.applyWorkflow(document);
}

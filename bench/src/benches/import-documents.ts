import { openTarget } from '@floe/database';
import type { Bench, BenchOptions, Figures, Measurement } from '../bench.ts';
import type { BenchFloe } from '../floe/bench-floe.ts';
import { createPeerDatabase } from '../floe/control-database.ts';
import { databaseAddress } from '../floe/database-address.ts';
import { makeExport, runImport, type Imported } from '../floe/import-documents.ts';
import { seedOldTables } from '../history/old-tables.ts';
import { rounded } from '../statistics.ts';

const DOCUMENTS = 100_000;
const DOCUMENTS_QUICK = 2_000;
// Five rows of nodes for each run, as in the bench of the migration.
const NODES_OF_RUN = 5;
const OLD_DATABASE = 'bench_old_tables';

/** What the replaced service kept, as a person imports it: into an empty Floe, and once more. */
export const importDocuments: Bench = {
  summary: 'importing documents and past runs of the replaced service, with `floe import`',
  rows: DOCUMENTS,
  async run(floe, options): Promise<Measurement> {
    const count = options.rows ?? (options.isQuick ? DOCUMENTS_QUICK : DOCUMENTS);
    const documents = await importMongo(floe, count, options);
    const runs = await importPostgres(floe, count, options);
    return { figures: { documents: count, ...documents, ...runs }, peers: {}, ratios: {} };
  },
};

async function importMongo(
  floe: BenchFloe,
  documents: number,
  options: BenchOptions,
): Promise<Figures> {
  const path = await makeExport(floe.stateDir, documents);
  const [first, again] = await importTwice(floe, ['mongo', path], documents, options);
  return {
    documents_per_second: rounded((documents / first.wallMs) * 1000),
    wall_s: rounded(first.wallMs / 1000),
    again_s: rounded(again.wallMs / 1000),
    command_peak_mib: rounded(first.command.peakMib),
    metadata_peak_mib: rounded(first.metadata.peakMib),
    together_peak_mib: rounded(first.command.peakMib + first.metadata.peakMib),
    gateway_peak_mib: rounded(first.gateway.peakMib),
    command_cpu_s: rounded(first.command.cpuSeconds),
    metadata_cpu_s: rounded(first.metadata.cpuSeconds),
    gateway_cpu_s: rounded(first.gateway.cpuSeconds),
  };
}

async function importPostgres(
  floe: BenchFloe,
  runs: number,
  options: BenchOptions,
): Promise<Figures> {
  const url = await createPeerDatabase(floe.endpoints, OLD_DATABASE);
  const address = { ...(await databaseAddress(floe.endpoints)), database: OLD_DATABASE };
  const session = { applicationName: 'bench', statementTimeoutMs: 0 };
  await using old = await openTarget(address, session);
  await seedOldTables(old, { runs, nodes: NODES_OF_RUN });
  const [first, again] = await importTwice(floe, ['postgres', url], runs, options);
  return {
    past_runs: runs,
    past_runs_per_second: rounded((runs / first.wallMs) * 1000),
    past_runs_wall_s: rounded(first.wallMs / 1000),
    past_runs_again_s: rounded(again.wallMs / 1000),
    past_runs_command_peak_mib: rounded(first.command.peakMib),
    past_runs_metadata_peak_mib: rounded(first.metadata.peakMib),
  };
}

async function importTwice(
  floe: BenchFloe,
  source: readonly ['mongo' | 'postgres', string],
  count: number,
  { say, signal }: BenchOptions,
): Promise<readonly [Imported, Imported]> {
  const first = await runImport(floe, source, signal);
  say(`${count} from ${source[0]} in ${rounded(first.wallMs / 1000)} s`);
  const again = await runImport(floe, source, signal);
  say(`the same again in ${rounded(again.wallMs / 1000)} s`);
  if (first.imported !== count || again.unchanged !== count)
    throw new Error(`of ${count} ${first.imported} were imported, ${again.unchanged} found again`);
  return [first, again];
}

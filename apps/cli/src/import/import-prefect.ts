/**
 * What a Prefect 3 server knows, brought over: deployments as workflows whose tasks are still to be written, and the runs
 * that were.
 *
 *   P1. A workflow that is there is left as it is: people have written its tasks since.
 *   P2. A run is imported once, however often this is done.
 */
import type { FloeClient } from '@floe/client';
import { toFloeError } from '@floe/errors';
import {
  readPrefectDeployment,
  readPrefectRun,
  textOf,
  type JsonRecord,
  type PastRun,
} from '@floe/legacy';
import { judgeOffline } from '../judge-offline.ts';
import type { PrefectApi } from './prefect-api.ts';
import { sha256 } from './sha256.ts';
import { drySink, serverSink } from './sink.ts';

export type DeploymentReport = {
  readonly deployment: string;
  readonly workflow: string;
  readonly state: 'made' | 'planned' | 'there' | 'refused';
  readonly schedules: number;
  readonly tasks: number;
  readonly notes: readonly string[];
};

export type PrefectReport = {
  readonly source: string;
  readonly version: string;
  readonly isDryRun: boolean;
  readonly deployments: readonly DeploymentReport[];
  readonly runs: {
    readonly read: number;
    readonly imported: number;
    readonly unchanged: number;
    /** Runs that have no start. */
    readonly skipped: number;
  };
};

type Options = {
  /** Undefined for a dry run. */
  readonly client: FloeClient | undefined;
  readonly withHistory: boolean;
  readonly signal: AbortSignal;
};

export async function importPrefect(api: PrefectApi, options: Options): Promise<PrefectReport> {
  const deployments: DeploymentReport[] = [];
  for await (const deployment of api.deployments()) {
    options.signal.throwIfAborted();
    deployments.push(await importDeployment(api, deployment, options.client));
  }
  const runs = options.withHistory ? await importRuns(api, options) : NO_RUNS;
  const isDryRun = options.client === undefined;
  return { source: api.name, version: await api.version(), isDryRun, deployments, runs };
}

const NO_RUNS: PrefectReport['runs'] = { read: 0, imported: 0, unchanged: 0, skipped: 0 };

async function importDeployment(
  api: PrefectApi,
  deployment: JsonRecord,
  client: FloeClient | undefined,
): Promise<DeploymentReport> {
  const flowName = await api.flowName(textOf(deployment['flow_id']));
  const newest = await api.newestRun(textOf(deployment['id']));
  const taskRuns = newest === undefined ? [] : await api.taskRuns([textOf(newest['id'])]);
  const { name, source, notes } = readPrefectDeployment({ deployment, flowName, taskRuns }, sha256);
  const verdict = judgeOffline(source);
  const found = verdict.errors.map(({ field, message }) => `${field} ${message}`);
  const schedules = Array.isArray(deployment['schedules']) ? deployment['schedules'].length : 0;
  const report = {
    deployment: `${flowName}/${textOf(deployment['name'])}`,
    workflow: name,
    schedules,
    tasks: verdict.taskCount,
    notes: [...found, ...notes],
  };
  if (found.length > 0) return { ...report, state: 'refused' };
  if (client === undefined) return { ...report, state: 'planned' };
  if (await isThere(client, name)) return { ...report, state: 'there' };
  await client.applyWorkflow(source);
  return { ...report, state: 'made' };
}

async function isThere(client: FloeClient, name: string): Promise<boolean> {
  try {
    await client.getWorkflow(name);
    return true;
  } catch (thrown) {
    const error = toFloeError(thrown);
    if (error.category === 'not_found') return false;
    throw error;
  }
}

async function importRuns(
  api: PrefectApi,
  { client, signal }: Options,
): Promise<PrefectReport['runs']> {
  const sink = client === undefined ? drySink() : serverSink(client, api.name);
  const counts = { read: 0, imported: 0, unchanged: 0, skipped: 0 };
  for await (const page of api.flowRuns()) {
    signal.throwIfAborted();
    const runs = await toPastRuns(api, page);
    counts.read += page.length;
    counts.skipped += page.length - runs.length;
    const { imported, unchanged } = await sink.importRuns({ runs, quarantined: [] });
    counts.imported += imported;
    counts.unchanged += unchanged;
  }
  return counts;
}

async function toPastRuns(api: PrefectApi, page: readonly JsonRecord[]): Promise<PastRun[]> {
  const taskRuns = await api.taskRuns(page.map((run) => textOf(run['id'])));
  const byRun = Map.groupBy(taskRuns, (run) => textOf(run['flow_run_id']));
  const runs = page.map(async (run) =>
    readPrefectRun(run, {
      flowName: await api.flowName(textOf(run['flow_id'])),
      taskRuns: byRun.get(textOf(run['id'])) ?? [],
    }),
  );
  return (await Promise.all(runs)).filter((run) => run !== undefined);
}

import { createRpcClient } from '@floe/rpc';
import type { RpcClient, RpcSecurity } from '@floe/rpc';
import { LegacyService } from '@floe/rpc/internal-contracts';
import { MetadataService, ReportingService, SchedulerService } from '@floe/rpc/contracts';
import type { FloeEnvironment } from '@floe/service';
import { ChangeFeed } from './feeds/change-feed.ts';
import { RunFeeds } from './feeds/run-feeds.ts';

/** The services behind the gateway. */
export type Clients = {
  readonly metadata: RpcClient<typeof MetadataService>;
  readonly scheduler: RpcClient<typeof SchedulerService>;
  readonly reporting: RpcClient<typeof ReportingService>;
  /** For whoever watches a run: the streams of reporting, shared. */
  readonly runFeeds: RunFeeds;
  /** The same for whoever watches all runs. */
  readonly changeFeed: ChangeFeed;
  /** What callers of the replaced service read; reporting answers it. */
  readonly legacy: RpcClient<typeof LegacyService>;
  close(): void;
};

// Applying a workflow asks the users' databases for their columns, which may take a while.
const DEADLINE_MS = 30_000;

/** Makes the clients; they connect with their first call. */
export function openClients(env: FloeEnvironment, tls: RpcSecurity['tls']): Clients {
  const metadata = createRpcClient(MetadataService, {
    name: 'metadata',
    addresses: [env.metadataAddress],
    deadlineMs: DEADLINE_MS,
    tls,
    idempotent: [
      'applyWorkflow',
      'validateWorkflow',
      'getWorkflow',
      'listWorkflows',
      'listWorkflowVersions',
      'getConnection',
      'listConnections',
      'setConnection',
      'listSchedules',
      'getSchedule',
      'previewSchedule',
      'pauseSchedule',
      'resumeSchedule',
    ],
  });
  const scheduler = createRpcClient(SchedulerService, {
    name: 'scheduler',
    addresses: env.schedulerAddresses,
    deadlineMs: DEADLINE_MS,
    tls,
    // Starts and retries carry a request id, always.
    idempotent: [
      'startRun',
      'retryRun',
      'cancelRun',
      'cancelRuns',
      'pauseRun',
      'resumeRun',
      'listScheduleSlots',
      'startBackfill',
      'getBackfill',
      'listBackfills',
      'pauseBackfill',
      'resumeBackfill',
      'cancelBackfill',
    ],
  });
  const reporting = createRpcClient(ReportingService, {
    name: 'reporting',
    addresses: [env.reportingAddress],
    deadlineMs: DEADLINE_MS,
    tls,
    idempotent: [
      'getRun',
      'listRuns',
      'listTaskRuns',
      'getRunReport',
      'getWorkflowReport',
      'getLineage',
      'listExecutors',
      'getOverview',
      'listMetrics',
      'listArtifacts',
      'getArtifact',
      'compareRuns',
      'getRunLineage',
      'getImpact',
      'listFreshness',
    ],
  });
  const legacy = createRpcClient(LegacyService, {
    name: 'reporting',
    addresses: [env.reportingAddress],
    deadlineMs: DEADLINE_MS,
    tls,
    idempotent: ['findLegacyWorkflow', 'findLegacyRun', 'listLegacyRuns', 'getLegacyReport'],
  });
  const all = { metadata, scheduler, reporting, legacy };
  const close = () => Object.values(all).forEach((client) => client.close());
  const runFeeds = new RunFeeds(reporting.watchRun);
  const changeFeed = new ChangeFeed(reporting.watchRuns);
  return { ...all, runFeeds, changeFeed, close };
}

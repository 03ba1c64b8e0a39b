import type {
  FloeClient,
  ImportedRuns,
  ImportedWorkflow,
  LegacyDocument,
  QuarantinedDocument,
} from '@floe/client';
import { toFloeError } from '@floe/errors';
import { importWorkflow, type Finding, type Json, type PastRun } from '@floe/legacy';
import { judgeOffline } from '../judge-offline.ts';
import { sha256 } from './sha256.ts';

export type WorkflowBatch = {
  readonly documents: readonly LegacyDocument[];
  readonly quarantined: readonly QuarantinedDocument[];
};
export type RunBatch = {
  readonly runs: readonly PastRun[];
  readonly quarantined: readonly QuarantinedDocument[];
};

/** Where batches go. */
export type Sink = {
  importWorkflows(batch: WorkflowBatch): Promise<readonly ImportedWorkflow[]>;
  importRuns(batch: RunBatch): Promise<ImportedRuns>;
};

/** Stores batches. */
export function serverSink(client: FloeClient, source: string): Sink {
  return {
    importWorkflows: async (batch) =>
      (await client.importWorkflows({ source, ...batch })).workflows,
    importRuns: ({ runs, quarantined }) =>
      client.importRuns({
        source,
        quarantined,
        runs: runs.map(({ document, flowParameters = {}, ...run }) => ({
          ...run,
          flowParameters: flowParameters as Record<string, never>,
          document: JSON.stringify(document),
        })),
      }),
  };
}

/** Says what would become of each document, and stores nothing. Needs no server. */
export function drySink(): Sink {
  return {
    importWorkflows: async ({ documents }) => documents.map(judge),
    importRuns: async ({ runs }) => ({
      imported: runs.length,
      unchanged: 0,
      storedRuns: runs.length,
      storedNodes: runs.reduce((sum, { nodes }) => sum + nodes.length, 0),
    }),
  };
}

function judge({ place, json }: LegacyDocument): ImportedWorkflow {
  const checksum = sha256(json);
  try {
    const { legacy, floe } = importWorkflow(JSON.parse(json) as Json, sha256);
    const found = floe.source === undefined ? [] : judgeOffline(floe.source).errors;
    const refusals = [
      ...legacy.refusals,
      ...found.map(({ field, message, hint = '' }) => ({ path: field, message, hint })),
    ].map(toFinding);
    const isImported = floe.source !== undefined && refusals.length === 0;
    return {
      place,
      workflowId: legacy.workflowId,
      workflowName: legacy.workflowName,
      outcome: isImported ? 'IMPORT_OUTCOME_IMPORTED' : 'IMPORT_OUTCOME_REFUSED',
      floeWorkflow: isImported ? floe.name : '',
      refusals,
      notes: legacy.notes.map(toFinding),
      unmapped: legacy.unmapped,
      connections: floe.connections.map(({ name, host, port, database, username }) => ({
        name,
        host: host ?? '',
        port: port ?? 0,
        database: database ?? '',
        username: username ?? '',
      })),
      checksum,
    };
  } catch (thrown) {
    const error = toFloeError(thrown);
    if (error.category !== 'invalid') throw error;
    const refusals = error.violations.map(({ field, message, hint = '' }) => ({
      path: field,
      message,
      hint,
    }));
    return {
      place,
      workflowId: '',
      workflowName: '',
      outcome: 'IMPORT_OUTCOME_QUARANTINED',
      floeWorkflow: '',
      refusals: refusals.length > 0 ? refusals : [{ path: '', message: error.message, hint: '' }],
      notes: [],
      unmapped: [],
      connections: [],
      checksum,
    };
  }
}

function toFinding({ path, message, hint = '' }: Finding) {
  return { path, message, hint };
}

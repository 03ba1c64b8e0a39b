import { toFloeError } from '@floe/errors';
import {
  findConnections,
  isJobRun,
  readJobRun,
  takeOutSecrets,
  textOf,
  type JsonRecord,
} from '@floe/legacy';
import type { SourceRecord } from '@floe/mongo';
import { Batches, type BatchesOptions } from './batches.ts';
import type { Connections } from './connections.ts';
import { quarantineDocument, quarantineText, type Reason } from './quarantine.ts';
import { sha256 } from './sha256.ts';

export type Importing = BatchesOptions & {
  readonly connections: Connections;
  /** Ends the import between two batches. */
  readonly signal: AbortSignal;
};

/** Sends all records where they belong. Rejects with what the sink or the source says. */
export async function importRecords(
  records: AsyncIterable<SourceRecord>,
  importing: Importing,
): Promise<void> {
  const batches = new Batches(importing);
  // Where the first document of each workflow stood.
  const seen = new Map<string, string>();
  for await (const record of records) {
    importing.signal.throwIfAborted();
    if (record.kind === 'unreadable') {
      const reason = reasonOf(record, record.reason);
      await batches.putAside(quarantineText(reason, record.excerpt));
      continue;
    }
    const kind = kindOf(record);
    if (kind === 'other') importing.tally.skipped += 1;
    else if (kind === 'jobRun') await addJobRun(batches, record);
    else await addWorkflow(batches, record, { seen, importing });
  }
  await batches.finish();
}

type DocumentRecord = Extract<SourceRecord, { kind: 'document' }>;

function kindOf({ collection, document }: DocumentRecord): 'workflow' | 'jobRun' | 'other' {
  if (collection === 'workflow' || collection === 'jobRun') return collection;
  if (collection !== '') return 'other';
  return isJobRun(document) ? 'jobRun' : 'workflow';
}

function reasonOf({ collection, place }: SourceRecord, reason: string, documentId = ''): Reason {
  return { place, kind: collection === 'jobRun' ? 'jobRun' : 'workflow', documentId, reason };
}

type Known = { readonly seen: Map<string, string>; readonly importing: Importing };

async function addWorkflow(
  batches: Batches,
  record: DocumentRecord,
  { seen, importing }: Known,
): Promise<void> {
  const { place, document } = record;
  const workflowId = textOf(document['workflow_id']);
  const first = seen.get(workflowId);
  if (workflowId !== '' && first !== undefined) {
    const reason = `is a second document of the workflow ${workflowId}; the first is ${first}`;
    return batches.putAside(quarantineDocument(reasonOf(record, reason, workflowId), document));
  }
  seen.set(workflowId, place);
  await prepareConnections(document, importing.connections);
  await batches.addWorkflow(takeOutSecrets(document), { place, workflowId });
}

async function prepareConnections(document: JsonRecord, connections: Connections): Promise<void> {
  try {
    await connections.prepare(findConnections(document, sha256));
  } catch (thrown) {
    // What cannot be read has no connections; where it is imported it is put aside with its reason.
    if (toFloeError(thrown).code !== 'DOCUMENT_INVALID') throw thrown;
  }
}

async function addJobRun(batches: Batches, { place, document }: DocumentRecord): Promise<void> {
  const documentId = textOf(document['jobRunId']);
  const about = { place, kind: 'jobRun', documentId, record: document } as const;
  await batches.addRuns(() => readJobRun(document), about);
}

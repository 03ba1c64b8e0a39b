/**
 * Documents of a source, in batches to where they go.
 *
 *   R1. Memory holds a few batches, however long the source is.
 *   R2. Every document that is read is counted once: imported, unchanged, refused, or put aside.
 *   R3. What was sent is what was stored: the checksum that comes back is that of what was sent.
 *   R4. No password is sent.
 */
import type { ImportedWorkflow, LegacyDocument, QuarantinedDocument } from '@floe/client';
import { FloeError, toFloeError } from '@floe/errors';
import {
  findConnections,
  isJobRun,
  readJobRun,
  takeOutSecrets,
  textOf,
  type JsonRecord,
  type PastRun,
} from '@floe/legacy';
import type { SourceRecord } from '@floe/mongo';
import type { Connections } from './connections.ts';
import {
  quarantineDocument,
  quarantineText,
  type QuarantineFile,
  type Reason,
} from './quarantine.ts';
import type { Tally } from './report.ts';
import { sha256 } from './sha256.ts';
import type { Sink } from './sink.ts';

// Half of what the server takes at once: the rest is for quotes within quotes.
const BATCH_CHARACTERS = 1_200_000;
const BATCH_DOCUMENTS = 100;
const BATCH_RUNS = 200;
// While one batch is stored the next ones are read; more would only wait for the same processor.
const BATCHES_IN_FLIGHT = 3;
const DOCUMENT_CHARACTERS_MAX = 1_048_576;

export type Importing = {
  readonly sink: Sink;
  readonly tally: Tally;
  readonly connections: Connections;
  readonly quarantine: QuarantineFile;
  /** Ends the import between two batches. */
  readonly signal: AbortSignal;
  /** Told after each batch. */
  onProgress?(tally: Tally): void;
};

/** Sends all records where they belong. Rejects with what the sink or the source says. */
export async function importRecords(
  records: AsyncIterable<SourceRecord>,
  importing: Importing,
): Promise<void> {
  const batches = new Batches(importing);
  for await (const record of records) {
    importing.signal.throwIfAborted();
    if (record.kind === 'unreadable') {
      const reason = reasonOf(record, record.reason);
      await batches.putAside(quarantineText(reason, record.excerpt));
      continue;
    }
    const kind = kindOf(record);
    if (kind === 'other') importing.tally.skipped += 1;
    else if (kind === 'jobRun') await batches.addJobRun(record);
    else await batches.addWorkflow(record);
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

class Batches {
  readonly #importing: Importing;
  #documents: LegacyDocument[] = [];
  #characters = 0;
  #runs: PastRun[] = [];
  #aside: QuarantinedDocument[] = [];
  readonly #seen = new Map<string, string>();
  readonly #inFlight = new Set<Promise<void>>();
  #failure: unknown;

  constructor(importing: Importing) {
    this.#importing = importing;
  }

  async addWorkflow(record: DocumentRecord): Promise<void> {
    const { place, document } = record;
    const workflowId = textOf(document['workflow_id']);
    const first = this.#seen.get(workflowId);
    if (workflowId !== '' && first !== undefined) {
      const reason = `is a second document of the workflow ${workflowId}; the first is ${first}`;
      return this.putAside(quarantineDocument(reasonOf(record, reason, workflowId), document));
    }
    this.#seen.set(workflowId, place);
    const json = JSON.stringify(takeOutSecrets(document));
    if (json.length > DOCUMENT_CHARACTERS_MAX) {
      const reason = `the document has ${json.length} characters; at most ${DOCUMENT_CHARACTERS_MAX}`;
      return this.putAside(quarantineDocument(reasonOf(record, reason, workflowId), document));
    }
    await this.#prepareConnections(document);
    if (this.#characters + json.length > BATCH_CHARACTERS) await this.#sendDocuments();
    this.#documents.push({ place, json });
    this.#characters += json.length;
    if (this.#documents.length >= BATCH_DOCUMENTS) await this.#sendDocuments();
  }

  async #prepareConnections(document: JsonRecord): Promise<void> {
    try {
      await this.#importing.connections.prepare(findConnections(document, sha256));
    } catch (thrown) {
      // What cannot be read has no connections; where it is imported it is put aside with its reason.
      if (toFloeError(thrown).code !== 'DOCUMENT_INVALID') throw thrown;
    }
  }

  async addJobRun(record: DocumentRecord): Promise<void> {
    try {
      await this.addRuns(readJobRun(record.document));
    } catch (thrown) {
      const error = toFloeError(thrown);
      if (error.category !== 'invalid') throw error;
      const id = textOf(record.document['jobRunId']);
      const reason = { ...reasonOf(record, error.message, id), kind: 'jobRun' as const };
      await this.putAside(quarantineDocument(reason, record.document));
    }
  }

  async addRuns(runs: readonly PastRun[]): Promise<void> {
    this.#importing.tally.runsRead += runs.length;
    for (const run of runs) {
      const document = takeOutSecrets(run.document);
      const length = JSON.stringify(document).length;
      if (this.#characters + length > BATCH_CHARACTERS) await this.#sendRuns();
      this.#runs.push({ ...run, document: length > BATCH_CHARACTERS ? {} : document });
      this.#characters += length;
      if (this.#runs.length >= BATCH_RUNS) await this.#sendRuns();
    }
  }

  async putAside(document: QuarantinedDocument): Promise<void> {
    const { tally, quarantine } = this.#importing;
    await quarantine.write(document);
    const { place, documentId: workflowId, reason } = document;
    tally.addQuarantined({
      place,
      workflowId,
      findings: [{ path: '', message: reason, hint: '' }],
    });
    this.#aside.push(document);
    if (this.#aside.length >= BATCH_DOCUMENTS) await this.#sendDocuments();
  }

  async finish(): Promise<void> {
    await this.#sendDocuments();
    await this.#sendRuns();
    await Promise.all(this.#inFlight);
    this.#throwFailure();
  }

  #sendDocuments(): Promise<void> {
    const documents = this.#documents;
    const quarantined = this.#aside;
    if (documents.length + quarantined.length === 0) return Promise.resolve();
    this.#documents = [];
    this.#aside = [];
    this.#characters = 0;
    const { sink } = this.#importing;
    return this.#start(async () => {
      const answers = await sink.importWorkflows({ documents, quarantined });
      await this.#take(documents, answers);
    });
  }

  #sendRuns(): Promise<void> {
    const runs = this.#runs;
    if (runs.length === 0) return Promise.resolve();
    this.#runs = [];
    this.#characters = 0;
    const { sink, tally } = this.#importing;
    return this.#start(async () => {
      const { imported, unchanged } = await sink.importRuns({ runs, quarantined: [] });
      tally.runsImported += imported;
      tally.runsUnchanged += unchanged;
    });
  }

  /** R2 and R3. */
  async #take(
    sent: readonly LegacyDocument[],
    answers: readonly ImportedWorkflow[],
  ): Promise<void> {
    const { tally, quarantine } = this.#importing;
    for (const [index, { json, place }] of sent.entries()) {
      const answer = answers[index];
      const checksum = sha256(json);
      if (answer === undefined || answer.checksum !== checksum) {
        throw new FloeError('INTERNAL', `the server has not stored ${place} as it was sent`, {
          details: { sent: checksum, stored: answer?.checksum ?? '' },
        });
      }
      tally.verified += 1;
      tally.add(answer);
      if (answer.outcome !== 'IMPORT_OUTCOME_QUARANTINED') continue;
      const reason = answer.refusals
        .map(({ path, message }) => `${path} ${message}`.trim())
        .join('; ');
      const documentId = answer.workflowId;
      await quarantine.write(quarantineText({ place, kind: 'workflow', documentId, reason }, json));
    }
  }

  /** Lets a batch go while others are read, up to a bound (R1). */
  async #start(send: () => Promise<void>): Promise<void> {
    this.#throwFailure();
    const importing = this.#importing;
    const going = send().then(
      () => importing.onProgress?.(importing.tally),
      (error: unknown) => {
        this.#failure ??= error;
      },
    );
    const tracked = going.then(() => void this.#inFlight.delete(tracked));
    this.#inFlight.add(tracked);
    if (this.#inFlight.size >= BATCHES_IN_FLIGHT) await Promise.race(this.#inFlight);
    this.#throwFailure();
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}

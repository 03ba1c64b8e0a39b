/**
 * What was read of a source, in batches to where it goes.
 *
 *   R1. Memory holds a few batches, however long the source is.
 *   R2. Every document that is read is counted once: imported, unchanged, refused, or put aside.
 *   R3. What was sent is what was stored: the checksum that comes back is that of what was sent, and the server counts
 *       the runs and nodes in its tables.
 *   R4. No password is sent.
 */
import type { ImportedWorkflow, LegacyDocument, QuarantinedDocument } from '@floe/client';
import { FloeError, toFloeError } from '@floe/errors';
import {
  checkPastRun,
  NODE_RUNS_MAX,
  takeOutSecrets,
  type JsonRecord,
  type PastRun,
} from '@floe/legacy';
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

export type BatchesOptions = {
  readonly sink: Sink;
  readonly tally: Tally;
  readonly quarantine: QuarantineFile;
  /** Told after each batch. */
  onProgress?(tally: Tally): void;
};

/** Where a document stood and which workflow it is of. */
export type Origin = { readonly place: string; readonly workflowId: string };

export class Batches {
  readonly #options: BatchesOptions;
  #documents: LegacyDocument[] = [];
  #documentCharacters = 0;
  #runs = new Map<string, PastRun>();
  #runCharacters = 0;
  #runNodes = 0;
  readonly #runsInFlight = new Set<string>();
  #aside: QuarantinedDocument[] = [];
  readonly #inFlight = new Set<Promise<void>>();
  #failure: unknown;

  constructor(options: BatchesOptions) {
    this.#options = options;
  }

  /** A workflow without its secrets. */
  async addWorkflow(document: JsonRecord, { place, workflowId }: Origin): Promise<void> {
    const json = JSON.stringify(document);
    if (json.length > DOCUMENT_CHARACTERS_MAX) {
      const reason = `the document has ${json.length} characters; at most ${DOCUMENT_CHARACTERS_MAX}`;
      const about = { place, kind: 'workflow', documentId: workflowId, reason } as const;
      return this.putAside(quarantineDocument(about, document));
    }
    if (this.#documentCharacters + json.length > BATCH_CHARACTERS) await this.#sendDocuments();
    this.#documents.push({ place, json });
    this.#documentCharacters += json.length;
    if (this.#documents.length >= BATCH_DOCUMENTS) await this.#sendDocuments();
  }

  /** Runs that `read` finds in a record; where it cannot, or no table takes them, the record is put aside. */
  async addRuns(
    read: () => readonly PastRun[],
    about: Omit<Reason, 'reason'> & { readonly record: JsonRecord },
  ): Promise<void> {
    let runs: readonly PastRun[];
    try {
      runs = read();
      for (const run of runs) checkPastRun(run);
    } catch (thrown) {
      const error = toFloeError(thrown);
      if (error.category !== 'invalid') throw error;
      const { record, ...rest } = about;
      return this.putAside(quarantineDocument({ ...rest, reason: error.message }, record));
    }
    this.#options.tally.runsRead += runs.length;
    for (const run of runs) await this.#addRun(run);
  }

  async #addRun(run: PastRun): Promise<void> {
    const clean = { ...run, document: takeOutSecrets(run.document) };
    const whole = JSON.stringify(clean).length;
    const fits = whole <= BATCH_CHARACTERS;
    const added = fits ? clean : { ...clean, document: {} };
    const characters = fits ? whole : JSON.stringify(added).length;
    const isFull =
      this.#runCharacters + characters > BATCH_CHARACTERS ||
      this.#runNodes + run.nodes.length > NODE_RUNS_MAX;
    // One that is told twice counts as it is told last.
    const isTwice = this.#runs.has(run.workflowRunId);
    if (isFull || isTwice) await this.#sendRuns();
    if (this.#runsInFlight.has(run.workflowRunId)) await Promise.all(this.#inFlight);
    this.#runs.set(run.workflowRunId, added);
    this.#runCharacters += characters;
    this.#runNodes += run.nodes.length;
    if (this.#runs.size >= BATCH_RUNS) await this.#sendRuns();
  }

  async putAside(document: QuarantinedDocument): Promise<void> {
    const { tally, quarantine } = this.#options;
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
    this.#documentCharacters = 0;
    const { sink } = this.#options;
    return this.#start(async () => {
      const answers = await sink.importWorkflows({ documents, quarantined });
      await this.#take(documents, answers);
    });
  }

  #sendRuns(): Promise<void> {
    const runs = [...this.#runs.values()];
    if (runs.length === 0) return Promise.resolve();
    const nodes = this.#runNodes;
    for (const id of this.#runs.keys()) this.#runsInFlight.add(id);
    this.#runs.clear();
    this.#runCharacters = 0;
    this.#runNodes = 0;
    const { sink, tally } = this.#options;
    return this.#start(async () => {
      const answer = await sink.importRuns({ runs, quarantined: [] });
      if (answer.storedRuns !== runs.length || answer.storedNodes !== nodes)
        throw notStored(runs, nodes, answer);
      tally.runsImported += answer.imported;
      tally.runsUnchanged += answer.unchanged;
      tally.nodesStored += answer.storedNodes;
      for (const { workflowRunId } of runs) this.#runsInFlight.delete(workflowRunId);
    });
  }

  /** R2 and R3. */
  async #take(
    sent: readonly LegacyDocument[],
    answers: readonly ImportedWorkflow[],
  ): Promise<void> {
    const { tally, quarantine } = this.#options;
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
    const options = this.#options;
    const going = send().then(
      () => options.onProgress?.(options.tally),
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

function notStored(
  runs: readonly PastRun[],
  nodes: number,
  stored: { readonly storedRuns: number; readonly storedNodes: number },
): FloeError {
  return new FloeError(
    'INTERNAL',
    `of ${runs.length} runs with ${nodes} nodes the server has ${stored.storedRuns} with ${stored.storedNodes}`,
    { details: { first: runs[0]?.workflowRunId ?? '', last: runs.at(-1)?.workflowRunId ?? '' } },
  );
}

import type { ImportedWorkflow, ImportFinding } from '@floe/client';
import type { LegacyConnection } from '@floe/legacy';

// A report is read by people; what is not listed here is in the tables.
const LISTED_MAX = 50;

/** A document that did not become a workflow of Floe. */
export type ListedDocument = {
  readonly place: string;
  readonly workflowId: string;
  readonly findings: readonly ImportFinding[];
};

/** What is known of a database that documents speak of. */
export type ConnectionReport = Omit<LegacyConnection, 'secretVariable'> & {
  /** `made`, `there`, or what people have to do. */
  readonly state: 'made' | 'there' | 'missing' | 'planned';
  readonly secret: string;
};

/** What an import did, or what it would do. */
export type ImportReport = {
  readonly source: string;
  readonly isDryRun: boolean;
  readonly documents: number;
  readonly imported: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly quarantined: number;
  readonly runs: {
    readonly read: number;
    readonly imported: number;
    readonly unchanged: number;
    /** Of all of these runs, as the server counts them in its tables. */
    readonly nodesStored: number;
  };
  /** Documents that nobody asked for, like those of other collections, and runs of Floe itself. */
  readonly skipped: number;
  /** Checksums that the server sent back and that are those of what was sent. */
  readonly verified: number;
  readonly connections: readonly ConnectionReport[];
  readonly listed: {
    readonly refused: readonly ListedDocument[];
    readonly quarantined: readonly ListedDocument[];
  };
  /** Rows of the old tables, where they were read: counted by PostgreSQL in the snapshot that was read. */
  readonly rows?: { readonly runs: number; readonly nodes: number };
  /** How often each thing was said. */
  readonly notes: Readonly<Record<string, number>>;
  /** In how many documents nothing was made of a field. */
  readonly unmapped: Readonly<Record<string, number>>;
  /** Workflows of Floe, by old id; the first ones. */
  readonly workflows: Readonly<Record<string, string>>;
};

/** Counts as documents go by; holds a bounded part of what is said of them. */
export class Tally {
  documents = 0;
  skipped = 0;
  verified = 0;
  runsRead = 0;
  runsImported = 0;
  runsUnchanged = 0;
  nodesStored = 0;
  readonly #outcomes = new Map<ImportedWorkflow['outcome'], number>();
  readonly #refused: ListedDocument[] = [];
  readonly #quarantined: ListedDocument[] = [];
  readonly #notes = new Map<string, number>();
  readonly #unmapped = new Map<string, number>();
  readonly #workflows: Record<string, string> = {};

  add(workflow: ImportedWorkflow): void {
    const { outcome, floeWorkflow, workflowId } = workflow;
    this.documents += 1;
    count(this.#outcomes, outcome);
    if (outcome === 'IMPORT_OUTCOME_REFUSED') list(this.#refused, workflow);
    if (outcome === 'IMPORT_OUTCOME_QUARANTINED') list(this.#quarantined, workflow);
    for (const { message } of workflow.notes) count(this.#notes, message);
    for (const path of workflow.unmapped) count(this.#unmapped, path);
    if (floeWorkflow !== '' && Object.keys(this.#workflows).length < LISTED_MAX)
      this.#workflows[workflowId] = floeWorkflow;
  }

  /** A document that was put aside before anybody was asked. */
  addQuarantined(document: ListedDocument): void {
    this.documents += 1;
    count(this.#outcomes, 'IMPORT_OUTCOME_QUARANTINED');
    list(this.#quarantined, { ...document, refusals: document.findings });
  }

  report(facts: Pick<ImportReport, 'source' | 'isDryRun' | 'connections' | 'rows'>): ImportReport {
    const of = (outcome: ImportedWorkflow['outcome']) => this.#outcomes.get(outcome) ?? 0;
    return {
      ...facts,
      documents: this.documents,
      imported: of('IMPORT_OUTCOME_IMPORTED'),
      unchanged: of('IMPORT_OUTCOME_UNCHANGED'),
      refused: of('IMPORT_OUTCOME_REFUSED'),
      quarantined: of('IMPORT_OUTCOME_QUARANTINED'),
      runs: {
        read: this.runsRead,
        imported: this.runsImported,
        unchanged: this.runsUnchanged,
        nodesStored: this.nodesStored,
      },
      skipped: this.skipped,
      verified: this.verified,
      listed: { refused: this.#refused, quarantined: this.#quarantined },
      notes: mostFrequent(this.#notes),
      unmapped: mostFrequent(this.#unmapped),
      workflows: this.#workflows,
    };
  }
}

// Different messages and paths that are counted; more say nothing new and would fill the memory.
const DISTINCT_MAX = 10_000;

function count<Key>(counts: Map<Key, number>, key: Key): void {
  if (counts.size >= DISTINCT_MAX && !counts.has(key)) return;
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function list(
  documents: ListedDocument[],
  { place, workflowId, refusals }: Pick<ImportedWorkflow, 'place' | 'workflowId' | 'refusals'>,
): void {
  if (documents.length < LISTED_MAX) documents.push({ place, workflowId, findings: refusals });
}

function mostFrequent(counts: ReadonlyMap<string, number>): Record<string, number> {
  const sorted = [...counts].toSorted(([, a], [, b]) => b - a);
  return Object.fromEntries(sorted.slice(0, LISTED_MAX));
}

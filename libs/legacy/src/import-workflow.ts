import type { LegacyConnection } from './connection.ts';
import type { Json, JsonRecord } from './json.ts';
import type { LegacyWorkflow } from './legacy-workflow.ts';
import type { Digest } from './names.ts';
import { readCleanWorkflow, readLegacyWorkflow, type ReadLegacy } from './read-workflow.ts';
import { toFloe } from './to-floe.ts';

/** A document of the old system with what Floe makes of it. */
export type ImportedWorkflow = {
  readonly legacy: LegacyWorkflow;
  readonly floe: {
    readonly name: string;
    /** The document of Floe; undefined when `legacy.refusals` says why there is none. */
    readonly document: object | undefined;
    /** The same as YAML. */
    readonly source: string | undefined;
    readonly taskIds: ReadonlyMap<string, readonly string[]>;
    readonly connections: readonly LegacyConnection[];
  };
};

/**
 * Raised when the same document begins to be read or turned otherwise: what was imported by older rules is imported
 * again.
 */
export const MAPPING_VERSION = 1;

/** Reads a document and turns it into a workflow of Floe. Throws DOCUMENT_INVALID for what is no such document. */
export function importWorkflow(document: Json, digest: Digest): ImportedWorkflow {
  return imported(readLegacyWorkflow(document), digest);
}

/** The same of a document that `checkStorable` let through and `takeOutSecrets` gave. */
export function importCleanWorkflow(document: JsonRecord, digest: Digest): ImportedWorkflow {
  return imported(readCleanWorkflow(document), digest);
}

function imported(read: ReadLegacy, digest: Digest): ImportedWorkflow {
  const floe = toFloe(read, digest);
  const { refusals, notes, unmapped } = read.reading;
  return { legacy: { ...read.workflow, refusals, notes, unmapped }, floe };
}

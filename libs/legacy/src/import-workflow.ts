import type { LegacyConnection } from './connection.ts';
import type { Json } from './json.ts';
import type { LegacyWorkflow } from './legacy-workflow.ts';
import type { Digest } from './names.ts';
import { readLegacyWorkflow } from './read-workflow.ts';
import { toFloe } from './to-floe.ts';

/** A document of the old system with what Floe makes of it. */
export type ImportedWorkflow = {
  readonly legacy: LegacyWorkflow;
  readonly floe: {
    readonly name: string;
    /** The document of Floe, YAML; undefined when `legacy.refusals` says why there is none. */
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
  const read = readLegacyWorkflow(document);
  const floe = toFloe(read, digest);
  const { refusals, notes, unmapped } = read.reading;
  return { legacy: { ...read.workflow, refusals, notes, unmapped }, floe };
}

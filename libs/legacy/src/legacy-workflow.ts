import type { Finding } from './finding.ts';
import type { Json, JsonRecord } from './json.ts';
import type { DatabaseDetails } from './shapes.ts';

export type NodeKind = 'source' | 'transformation' | 'target';

/** A column as a node lists it. */
export type Entry = {
  /** Where it stands, for findings. */
  readonly path: string;
  readonly name: string;
  /** Under which name it goes on; its own where nothing is said. */
  readonly target: string;
  readonly isSelected: boolean;
  /** Text in the old expression language; empty for the column as it is. */
  readonly expression: string;
};

export type LegacyNode = {
  readonly id: string;
  /** Where it stands in the document. */
  readonly path: string;
  readonly name: string;
  readonly kind: NodeKind;
  /** As it came. */
  readonly connectorType: string;
  readonly category: string;
  readonly sequence: number | undefined;
  readonly database: DatabaseDetails | undefined;
  readonly fieldMapping: readonly Entry[];
  readonly entries: readonly Entry[];
  /** Fields that only some kinds of transformation have, like the keys of a join. */
  readonly settings: JsonRecord;
  /** The parts as they came, without passwords. */
  readonly raw: {
    readonly connectionInfo: JsonRecord;
    readonly dbDetails: Json;
    readonly fieldMapping: Json;
    readonly transformations: Json;
  };
};

export type Dependency = { readonly child: string; readonly parent: string };

/** A document of the old system, read. Ids are as they came. */
export type LegacyWorkflow = {
  readonly workflowId: string;
  readonly workflowName: string;
  readonly workspaceId: string;
  readonly workspaceName: string;
  readonly folderId: string;
  readonly folderName: string;
  readonly jobId: string;
  readonly jobName: string;
  readonly status: string;
  readonly notifyEmail: string;
  readonly onSuccessNotify: boolean;
  readonly onFailureNotify: boolean;
  readonly createdBy: string;
  /** ISO 8601, when the document has a time that can be read. */
  readonly createdAt: string | undefined;
  /** As it came, without passwords. */
  readonly document: JsonRecord;
  readonly nodes: readonly LegacyNode[];
  readonly dependencies: readonly Dependency[];
  /** What keeps it from being run as it is. */
  readonly refusals: readonly Finding[];
  /** What people should know. */
  readonly notes: readonly Finding[];
  /** Paths of fields that nothing was made of; nodes and list places are `*`. */
  readonly unmapped: readonly string[];
};

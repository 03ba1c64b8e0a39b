import { createHash } from 'node:crypto';
import { FloeError, type Violation } from '@floe/errors';
import {
  checkStorable,
  importCleanWorkflow,
  isRecord,
  takeOutSecrets,
  type Finding,
  type ImportedWorkflow,
  type Json,
  type JsonRecord,
} from '@floe/legacy';
import { checkTypes } from '@floe/plan';
import { TASK_TYPES } from '@floe/tasks';
import { readWorkflow, readWorkflowValue, type ReadWorkflow } from '@floe/workflow';
import type { CheckedDocument } from '../checking/check-document.ts';
import { newVersion } from '../checking/new-version.ts';
import type { ConnectionRow } from '../store/connections.ts';
import type { NewVersion } from '../store/workflows.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A document as it will be stored: without passwords, known by the digest of what is left. */
export type CleanDocument = {
  readonly document: JsonRecord;
  readonly checksum: string;
  readonly workflowId: string;
};

/** Throws DOCUMENT_INVALID for what is no JSON object, or cannot be stored. */
export function cleanDocument(text: string): CleanDocument {
  const parsed = parse(text);
  if (!isRecord(parsed)) throw new FloeError('DOCUMENT_INVALID', 'the document is no JSON object');
  checkStorable(parsed);
  const document = takeOutSecrets(parsed);
  const id = document['workflow_id'];
  return {
    document,
    checksum: sha256(JSON.stringify(document)),
    workflowId: typeof id === 'string' || typeof id === 'number' ? String(id) : '',
  };
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new FloeError('DOCUMENT_INVALID', `the document is no JSON: ${String(cause)}`, { cause });
  }
}

/** A document that was read, and the workflow of Floe that was made of it and found good. */
export type JudgedDocument = {
  readonly imported: ImportedWorkflow;
  readonly checksum: string;
  readonly refusals: readonly Finding[];
  readonly version: NewVersion | undefined;
};

/**
 * Reads a document and checks what is made of it, as applying does, without asking databases: they may be out of reach
 * for weeks yet. Throws DOCUMENT_INVALID for what is no such document.
 */
export function judgeDocument(
  { document, checksum }: CleanDocument,
  connections: ReadonlyMap<string, ConnectionRow>,
): JudgedDocument {
  const imported = importCleanWorkflow(document, sha256);
  const { source, document: made } = imported.floe;
  const { refusals } = imported.legacy;
  if (source === undefined) return { imported, checksum, refusals, version: undefined };
  try {
    const checked = checkMade({ source, made }, connections);
    if (checked.violations.length > 0) {
      return {
        imported,
        checksum,
        refusals: checked.violations.map(toFinding),
        version: undefined,
      };
    }
    return { imported, checksum, refusals, version: newVersion(source, checked) };
  } catch (thrown) {
    if (!(thrown instanceof FloeError) || thrown.category !== 'invalid') throw thrown;
    return { imported, checksum, refusals: findingsOf(thrown), version: undefined };
  }
}

type Made = { readonly source: string; readonly made: object | undefined };

/**
 * Parsing the text that was written a moment before is a third of the work of a document, and only tells where in the text
 * something is wrong. So it is left until something is.
 */
function checkMade(
  { source, made }: Made,
  connections: ReadonlyMap<string, ConnectionRow>,
): CheckedDocument {
  const options = { taskTypes: TASK_TYPES };
  if (made !== undefined && isPlain(made)) {
    const checked = check(readWorkflowValue(made, options), connections);
    if (checked.violations.length === 0) return checked;
  }
  return check(readWorkflow(source, options), connections);
}

// What YAML may write and read otherwise: ends of lines, blanks around them, characters that nobody sees.
const ODD_TEXT = /[^\P{C}\n]|[\p{Zl}\p{Zp}]|(?:^|\n)[ \t]|[ \t](?:\n|$)/u;

/** Whether all texts are such that the text of the document says the same as its value. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'string') return !ODD_TEXT.test(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, inner]) => !ODD_TEXT.test(name) && isPlain(inner));
}

function check(
  { workflow, violations, ...read }: ReadWorkflow,
  connections: ReadonlyMap<string, ConnectionRow>,
): CheckedDocument {
  const types = checkTypes(workflow, { taskTypes: TASK_TYPES, described: new Map(), ...read });
  return {
    workflow,
    schemas: Object.fromEntries(types.schemas),
    outside: { connections, extracts: new Map(), loads: new Map() },
    violations: [...violations, ...types.violations],
    warnings: [],
  };
}

function toFinding({ field, message, hint }: Violation): Finding {
  return { path: field, message, ...(hint === undefined ? {} : { hint }) };
}

/** What is wrong, part by part. */
export function findingsOf(error: FloeError): readonly Finding[] {
  if (error.violations.length > 0) return error.violations.map(toFinding);
  return [{ path: '', message: error.message }];
}

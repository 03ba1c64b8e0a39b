import { setImmediate } from 'node:timers/promises';
import { FloeError, toFloeError } from '@floe/errors';
import { MAPPING_VERSION, maskText, type Finding } from '@floe/legacy';
import {
  ImportedWorkflow,
  ImportOutcome,
  type ImportWorkflowsResponse,
  type ImportWorkflowsRequest,
  type LegacyDocument,
} from '@floe/rpc/contracts';
import { boundHeap } from '../importing/heap-bound.ts';
import {
  cleanDocument,
  findingsOf,
  judgeDocument,
  sha256,
  type CleanDocument,
  type JudgedDocument,
} from '../importing/judge-document.ts';
import {
  EXCERPT_LENGTH_MAX,
  IMPORT_CHARACTERS_MAX,
  IMPORT_DOCUMENTS_MAX,
  NAMES_MAX,
} from '../limits.ts';
import { listConnections } from '../store/connections.ts';
import {
  findImported,
  namesTaken,
  putImported,
  type KnownDocument,
} from '../store/legacy-workflows.ts';
import { putQuarantined, type QuarantinedRow } from '../store/quarantine.ts';
import type { RpcContext } from './context.ts';
import { quarantinedRow, quarantinedRows } from './quarantine-message.ts';

type Read =
  | { readonly kind: 'read'; readonly place: string; readonly clean: CleanDocument }
  | {
      readonly kind: 'unreadable';
      readonly place: string;
      readonly aside: QuarantinedRow;
      readonly error: FloeError;
    };

type Decided = {
  readonly message: ImportedWorkflow;
  readonly judged?: JudgedDocument;
  readonly aside?: QuarantinedRow;
};

/** Stores a batch of old workflows: each is imported, known already, refused with reasons, or put aside with one. */
export async function importWorkflows(
  context: RpcContext,
  request: ImportWorkflowsRequest,
): Promise<ImportWorkflowsResponse> {
  checkSize(request);
  const asides = quarantinedRows(request.source, request.quarantined);
  const read = await inTurns(request.documents, (document) =>
    readDocument(request.source, document),
  );
  const ids = read.flatMap((each) => (each.kind === 'read' ? each.clean.workflowId : []));
  refuseTwice(ids);
  const known = await findImported(context.db, ids);
  const connections = new Map(
    (await listConnections(context.db, { after: '', limit: NAMES_MAX })).map((row) => [
      row.name,
      row,
    ]),
  );
  const knowledge = { known, connections, source: request.source };
  const decided = await inTurns(read, (each) => decide(each, knowledge));
  const checked = await refuseTaken(context, decided);
  const judged = checked.flatMap((each) => each.judged ?? []);
  if (judged.length > 0) await putImported(context.db, judged);
  await putQuarantined(context.db, [...asides, ...checked.flatMap((each) => each.aside ?? [])]);
  return { workflows: checked.map(({ message }) => message) };
}

// Some hundredths of a second: then whoever else has called is answered.
const TURN_DOCUMENTS = 20;

async function inTurns<From, To>(all: readonly From[], work: (each: From) => To): Promise<To[]> {
  const made: To[] = [];
  for (const each of all) {
    made.push(work(each));
    if (made.length % TURN_DOCUMENTS !== 0) continue;
    boundHeap();
    await setImmediate();
  }
  return made;
}

function checkSize({ documents }: ImportWorkflowsRequest): void {
  if (documents.length > IMPORT_DOCUMENTS_MAX) {
    const message = `documents are ${documents.length}; at most ${IMPORT_DOCUMENTS_MAX} at once`;
    throw new FloeError('ARGUMENT_INVALID', message);
  }
  const characters = documents.reduce((sum, { json }) => sum + json.length, 0);
  if (characters <= IMPORT_CHARACTERS_MAX) return;
  const message = `documents have ${characters} characters; at most ${IMPORT_CHARACTERS_MAX} at once`;
  throw new FloeError('ARGUMENT_INVALID', message);
}

/** Which of the two counts nobody could say. */
function refuseTwice(ids: readonly string[]): void {
  const seen = new Set<string>();
  for (const id of ids) {
    if (id !== '' && seen.has(id))
      throw new FloeError(
        'ARGUMENT_INVALID',
        `documents hold the workflow ${JSON.stringify(id)} twice`,
      );
    seen.add(id);
  }
}

function readDocument(source: string, { place, json }: LegacyDocument): Read {
  try {
    return { kind: 'read', place, clean: cleanDocument(json) };
  } catch (thrown) {
    return unreadable(source, { place, json, documentId: '' }, thrown);
  }
}

function unreadable(
  source: string,
  { place, json, documentId }: { place: string; json: string; documentId: string },
  thrown: unknown,
): Extract<Read, { kind: 'unreadable' }> {
  const error = toFloeError(thrown);
  if (error.category !== 'invalid') throw error;
  const aside = quarantinedRow(source, {
    place,
    kind: 'workflow',
    documentId,
    reason: error.message,
    excerpt: json.slice(0, EXCERPT_LENGTH_MAX),
    checksum: sha256(json),
  });
  return { kind: 'unreadable', place, aside, error };
}

type Knowledge = {
  readonly source: string;
  readonly known: ReadonlyMap<string, KnownDocument>;
  readonly connections: Parameters<typeof judgeDocument>[1];
};

function decide(read: Read, { source, known, connections }: Knowledge): Decided {
  if (read.kind === 'unreadable') return asideMessage(read);
  const { place, clean } = read;
  const before = known.get(clean.workflowId);
  if (before?.checksum === clean.checksum && before.mapping_version === MAPPING_VERSION)
    return { message: unchangedMessage(place, before) };
  try {
    const judged = judgeDocument(clean, connections);
    return { judged, message: judgedMessage(place, judged) };
  } catch (thrown) {
    const json = JSON.stringify(clean.document);
    return asideMessage(unreadable(source, { place, json, documentId: clean.workflowId }, thrown));
  }
}

function asideMessage({ place, aside, error }: Extract<Read, { kind: 'unreadable' }>): Decided {
  const message = ImportedWorkflow.create({
    place,
    workflowId: aside.document_id,
    outcome: ImportOutcome.QUARANTINED,
    refusals: findingsOf(error).map(toMessage),
    checksum: aside.checksum,
  });
  return { aside, message };
}

function unchangedMessage(place: string, before: KnownDocument): ImportedWorkflow {
  return ImportedWorkflow.create({
    place,
    workflowId: before.workflow_id,
    outcome: ImportOutcome.UNCHANGED,
    floeWorkflow: before.floe_workflow ?? '',
    checksum: before.checksum,
  });
}

function judgedMessage(place: string, judged: JudgedDocument): ImportedWorkflow {
  const { imported, refusals, version, checksum } = judged;
  const { legacy, floe } = imported;
  return {
    place,
    workflowId: legacy.workflowId,
    workflowName: legacy.workflowName,
    outcome: version === undefined ? ImportOutcome.REFUSED : ImportOutcome.IMPORTED,
    floeWorkflow: version?.name ?? '',
    refusals: refusals.map(toMessage),
    notes: legacy.notes.map(toMessage),
    unmapped: [...legacy.unmapped],
    connections: floe.connections.map(({ name, host, port, database, username }) => ({
      name,
      host,
      port,
      database,
      username,
    })),
    checksum,
  };
}

/** SQL and names within messages may quote what an address holds. */
function toMessage({ path, message, hint }: Finding) {
  return { path, message: maskText(message), hint: hint ?? '' };
}

/** A workflow of that name that people made stays theirs. */
async function refuseTaken({ db }: RpcContext, decided: readonly Decided[]): Promise<Decided[]> {
  const wanted = new Map(
    decided.flatMap(({ judged }) =>
      judged?.version === undefined
        ? []
        : [[judged.version.name, judged.imported.legacy.workflowId] as const],
    ),
  );
  const taken = await namesTaken(db, wanted);
  return decided.map((each) => {
    const { judged, message } = each;
    if (judged?.version === undefined || !taken.has(judged.version.name)) return each;
    const refusal = {
      path: 'workflow_id',
      message: `a workflow named ${judged.version.name} is there already and was not imported`,
      hint: 'Delete or rename it, then import again.',
    };
    const refused = { ...judged, version: undefined, refusals: [refusal] };
    return { judged: refused, message: judgedMessage(message.place, refused) };
  });
}

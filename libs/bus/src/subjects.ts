/**
 * Every NATS subject of Floe, made and read in this file only.
 *
 * Public:    `floe.events.<workflow>.<run_id>.<run|task|dataset>.<event>`
 *            `floe.lineage.<workflow>.<run_id>.<start|complete|fail|abort>` (core NATS: OpenLineage events)
 * Internal:  `floe.internal.hints.<pool>.<lane>[.<label>]`, `floe.internal.logs.<run_id>.<task_id>` (JetStream);
 *            `floe.internal.control.<executor_id>` (core NATS: hints to stop an attempt, nothing depends on them),
 *            `floe.internal.changes.<run_id>` (core NATS: a run has news, nothing depends on it)
 *
 * Every part that is not a fixed word is encoded as `token-encoding.ts` describes.
 */
import { decodeToken, encodeToken } from './token-encoding.ts';

export type EventEntity = 'run' | 'task' | 'dataset';

const ENTITIES: ReadonlySet<string> = new Set<EventEntity>(['run', 'task', 'dataset']);

export const EVENT_SUBJECTS = 'floe.events.>';
export const LINEAGE_SUBJECTS = 'floe.lineage.>';
export const HINT_SUBJECTS = 'floe.internal.hints.>';
export const LOG_SUBJECTS = 'floe.internal.logs.>';

export type EventSubject = {
  readonly workflow: string;
  readonly runId: string;
  readonly entity: EventEntity;
  readonly event: string;
};

export function eventSubject({ workflow, runId, entity, event }: EventSubject): string {
  return `floe.events.${encodeToken(workflow)}.${encodeToken(runId)}.${entity}.${encodeToken(event)}`;
}

/** The parts of an event's subject; undefined when it is none. */
export function parseEventSubject(subject: string): EventSubject | undefined {
  const [
    floe,
    events,
    workflowToken = '.',
    runToken = '.',
    entity = '',
    eventToken = '.',
    ...rest
  ] = subject.split('.');
  if (floe !== 'floe' || events !== 'events' || rest.length > 0) return undefined;
  const workflow = decodeToken(workflowToken);
  const runId = decodeToken(runToken);
  const event = decodeToken(eventToken);
  if (workflow === undefined || runId === undefined || event === undefined) return undefined;
  return isEntity(entity) ? { workflow, runId, entity, event } : undefined;
}

export function isEntity(text: string): text is EventEntity {
  return ENTITIES.has(text);
}

/** Which events a subscriber wants; an absent part is any. */
export type EventFilter = Partial<EventSubject>;

export function eventFilterSubject(filter: EventFilter): string {
  const token = (name: string | undefined) => (name === undefined ? '*' : encodeToken(name));
  const { workflow, runId, entity = '*', event } = filter;
  return `floe.events.${token(workflow)}.${token(runId)}.${entity}.${token(event)}`;
}

/** An OpenLineage event of a run or of one of its tasks. */
export function lineageSubject(workflow: string, runId: string, type: string): string {
  return `floe.lineage.${encodeToken(workflow)}.${encodeToken(runId)}.${type.toLowerCase()}`;
}

/** The parts of the subject of an OpenLineage event; undefined when it is none. */
export function parseLineageSubject(
  subject: string,
): { readonly workflow: string; readonly runId: string; readonly type: string } | undefined {
  const [, , workflowToken = '.', runToken = '.', type = '', ...rest] = subject.split('.');
  const [workflow, runId] = [decodeToken(workflowToken), decodeToken(runToken)];
  if (workflow === undefined || runId === undefined || rest.length > 0) return undefined;
  return { workflow, runId, type: type.toUpperCase() };
}

export function logSubject(runId: string, taskId: string): string {
  return `floe.internal.logs.${encodeToken(runId)}.${encodeToken(taskId)}`;
}

/** The logs of a run, or of one of its tasks. */
export function logFilterSubject(runId: string, taskId: string | undefined): string {
  return `floe.internal.logs.${encodeToken(runId)}.${taskId === undefined ? '*' : encodeToken(taskId)}`;
}

export function controlSubject(executorId: string): string {
  return `floe.internal.control.${encodeToken(executorId)}`;
}

/** Of all runs. */
export const CHANGES_SUBJECTS = 'floe.internal.changes.*';

/** The run that has news; undefined for another subject. */
export function parseChangesSubject(subject: string): string | undefined {
  const [floe, internal, changes, token = '.', ...rest] = subject.split('.');
  const isOne = floe === 'floe' && internal === 'internal' && changes === 'changes';
  return isOne && rest.length === 0 ? decodeToken(token) : undefined;
}

export function changesSubject(runId: string): string {
  return `floe.internal.changes.${encodeToken(runId)}`;
}

/** Where work waits: a pool, the kind of room that it needs there, and where it asks for one, a label. */
export type HintPlace = {
  readonly pool: string;
  readonly lane: string;
  readonly label?: string | undefined;
};

export function hintSubject({ pool, lane, label }: HintPlace): string {
  const place = `floe.internal.hints.${encodeToken(pool)}.${encodeToken(lane)}`;
  return label === undefined ? place : `${place}.${encodeToken(label)}`;
}

/**
 * The durable consumer of a pool, lane and label. A token has neither `.` nor `=`: a name may hold no dot, and no two
 * places share one.
 */
export function hintConsumerName({ pool, lane, label }: HintPlace): string {
  const place = `${encodeToken(lane)}-${encodeToken(pool)}`;
  return label === undefined ? place : `${place}=${encodeToken(label)}`;
}

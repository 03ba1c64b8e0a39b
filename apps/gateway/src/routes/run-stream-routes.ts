import { TailLogsRequest, WatchRunRequest, WatchRunsRequest } from '@floe/rpc/contracts';
import type { TailLogsResponse, WatchRunResponse } from '@floe/rpc/contracts';
import { writeEvent } from '../http/write-event.ts';
import { inHeader, inPath, inQuery, stream } from './route.ts';
import type { Field, Route, StreamEvent } from './route.ts';

const RUN_ID = inPath('run_id', { means: 'The id of the run.' });
const RESUME_FIELDS: readonly Field[] = [
  inQuery('after_sequence', {
    type: 'int64',
    means: 'The sequence of the last message that the caller has; 0 for all.',
  }),
  inHeader('last-event-id', {
    type: 'int64',
    to: 'afterSequence',
    means: 'The same as after_sequence, which wins; browsers send it when they reconnect.',
  }),
];

export const RUN_STREAM_ROUTES: readonly Route[] = [
  stream({
    name: 'watchRun',
    method: 'GET',
    path: '/api/v1/runs/{run_id}/events',
    scope: 'runs:read',
    summary: 'The events of a run in order, then live ones until it has ended.',
    fields: [RUN_ID, ...RESUME_FIELDS],
    request: WatchRunRequest,
    call:
      ({ runFeeds }) =>
      (request, options) =>
        runFeeds.watch(request, options),
    toEvent: sharedEvent,
  }),
  stream({
    name: 'watchRuns',
    method: 'GET',
    path: '/api/v1/runs:watch',
    scope: 'runs:read',
    summary: 'Which runs have changed, as it happens; the first event says that it listens.',
    fields: [],
    request: WatchRunsRequest,
    call:
      ({ changeFeed }) =>
      (_, options) =>
        changeFeed.watch(options),
    toEvent: ({ runIds }) => ({ type: 'runs', data: { runIds } }),
  }),
  stream({
    name: 'tailLogs',
    method: 'GET',
    path: '/api/v1/runs/{run_id}/logs',
    scope: 'runs:read',
    summary: 'Log lines of a run: a list of them, or a live stream with follow=true.',
    fields: [
      RUN_ID,
      ...RESUME_FIELDS,
      inQuery('task_id', { means: 'Only lines of this task.' }),
      inQuery('search', { means: 'Only lines with this text, whatever its case.' }),
      inQuery('level', {
        means: 'Only lines of this level or a worse one: debug, info, warn, error.',
      }),
      inQuery('from_time', { type: 'timestamp', means: 'Only lines written then or later.' }),
      inQuery('to_time', { type: 'timestamp', means: 'Only lines written before.' }),
      inQuery('attempt', { type: 'int32', means: 'Only lines of this attempt; 0 for all.' }),
      inQuery('follow', { type: 'boolean', means: 'Streams, until the run has ended.' }),
    ],
    list: 'lines',
    request: TailLogsRequest,
    call: (clients) => clients.reporting.tailLogs,
    toEvent: logEvent,
  }),
];

/** Messages of a feed are given to many readers, and are made text once. */
const eventOfMessage = new WeakMap<WatchRunResponse, StreamEvent>();

function sharedEvent(message: WatchRunResponse): StreamEvent {
  const known = eventOfMessage.get(message);
  if (known !== undefined) return known;
  const event = watchEvent(message);
  const written = { ...event, text: writeEvent(event) };
  eventOfMessage.set(message, written);
  return written;
}

/**
 * As proto JSON has it: the kind of update is the name of its field, and here that of the event too. Events alone are what
 * a reader can resume after.
 */
function watchEvent({ sequence, update }: WatchRunResponse): StreamEvent {
  if (update === undefined) return { type: 'heartbeat', data: { sequence } };
  const data = { sequence, [update.$case]: update.value };
  const id = update.$case === 'event' ? { id: String(sequence) } : {};
  return { type: update.$case, ...id, data };
}

function logEvent(message: TailLogsResponse): StreamEvent {
  return { type: 'line', id: String(message.sequence), data: message };
}

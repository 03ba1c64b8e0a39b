/**
 * What a run and its nodes become, over a WebSocket: one connection for each run.
 *
 *   W1. A connection counts as a stream of the gateway: there is a bound on all of them together.
 *   W2. A message is taken from the run only when the one before has left: a slow reader costs no memory here, and one that
 *       takes nothing for long loses its connection.
 *   W3. Whoever connects late hears what happened before, in order, and after the end of the run the connection is closed.
 */
import type { WebSocket } from '@fastify/websocket';
import { WatchRunRequest } from '@floe/rpc/contracts';
import type { FindLegacyRunResponse } from '@floe/rpc/internal-contracts';
import type { StreamHolder } from '../http/stream-slots.ts';
import type { LegacyContext } from './context.ts';
import { StatusMessages, type StatusMessage } from './status-messages.ts';

// Close codes of RFC 6455, section 7.4.1.
const NORMAL = 1000;
const GOING_AWAY = 1001;
const INTERNAL = 1011;
const TRY_LATER = 1013;
// A reader that takes nothing for so long is gone, or will never catch up.
const SEND_MS = 30_000;

export async function followRun(
  socket: WebSocket,
  { found, holder }: { readonly found: FindLegacyRunResponse; readonly holder: StreamHolder },
  context: LegacyContext,
): Promise<void> {
  const slot = context.slots.tryTake(holder);
  if (slot === undefined) return socket.close(TRY_LATER, 'too many streams are open');
  slot.onClose = () => socket.close(GOING_AWAY, 'the gateway breaks off');
  const gone = new AbortController();
  socket.once('close', () => gone.abort());
  socket.on('error', () => gone.abort());
  const stopBeating = keepAlive(socket, context.heartbeatMs);
  try {
    for await (const message of messagesOf(found, context, gone.signal)) {
      await send(socket, message);
    }
    socket.close(NORMAL, 'the run has ended');
  } catch (error) {
    if (gone.signal.aborted) return;
    context.log.warn({ err: error }, 'the status of a run can no longer be told');
    socket.close(INTERNAL, 'the status of the run cannot be read');
  } finally {
    stopBeating();
    gone.abort();
    slot.release();
  }
}

async function* messagesOf(
  { run, nodes }: FindLegacyRunResponse,
  { clients }: LegacyContext,
  signal: AbortSignal,
): AsyncGenerator<StatusMessage, void> {
  const { workflowRunId = '', isOwn = false } = run ?? {};
  if (!isOwn) return yield* messagesOfImport({ run, nodes });
  const statuses = new StatusMessages(workflowRunId, nodes);
  const request = WatchRunRequest.create({ runId: workflowRunId });
  for await (const { update } of clients.runFeeds.watch(request, { signal })) {
    if (update?.$case === 'event') yield* statuses.take(update.value);
  }
}

/** What was imported does not change any more. */
function* messagesOfImport({ run, nodes }: FindLegacyRunResponse): Generator<StatusMessage, void> {
  if (run === undefined) return;
  const { workflowRunId, runStatus, startTime, endTime = startTime } = run;
  const timestamp = (endTime ?? new Date(0)).toISOString();
  for (const { nodeId, nodeName, nodeStatus, errorMessage } of nodes) {
    const message = errorMessage || `Node ${nodeName || nodeId} ${nodeStatus}`;
    yield { workflowRunId, nodeId, status: nodeStatus, message, timestamp };
  }
  const message = `Workflow run ${runStatus}`;
  yield { workflowRunId, workflowStatus: runStatus, message, timestamp };
}

/** Resolves when the message has left this process (W2). */
function send(socket: WebSocket, message: StatusMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      socket.terminate();
      reject(new Error('the reader takes nothing'));
    }, SEND_MS);
    socket.send(JSON.stringify(message), (error) => {
      clearTimeout(timer);
      if (error) reject(error);
      else resolve();
    });
  });
}

/** Pings; a connection that does not answer until the next one is broken. */
function keepAlive(socket: WebSocket, everyMs: number): () => void {
  let isAlive = true;
  socket.on('pong', () => {
    isAlive = true;
  });
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, everyMs);
  return () => clearInterval(timer);
}

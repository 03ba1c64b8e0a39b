/**
 * The worker's end of the IPC channel.
 *
 * 1. When the channel closes the supervisor is gone, and the worker ends: what it does no longer counts.
 * 2. Answers go to whoever asked, by number.
 */
import type { TargetAddress } from '@floe/database/target';
import { FloeError, assert, isErrorCode } from '@floe/errors';
import type { AttemptFailure } from '@floe/execution';
import type { HttpEndpoint } from '@floe/http';
import type { TaskRecord } from '@floe/tasks/light';
import type { FromWorker, Job, ShownDataset, ToWorker } from './messages.ts';

export type Channel = {
  send(message: FromWorker): void;
  /** Errors: what the supervisor met when it asked metadata. */
  askForConnection(name: string): Promise<TargetAddress>;
  /** Of a connection to an HTTP API. Errors: as above. */
  askForEndpoint(name: string): Promise<HttpEndpoint>;
  /** Resolves when metadata has it. Errors: what the supervisor met there. */
  askToRecord(record: TaskRecord): Promise<void>;
};

type Answer = Exclude<ToWorker, { kind: 'run' | 'show' | 'refused' }>;

type Waiting = {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: FloeError) => void;
};

export type Orders = {
  readonly onJob: (job: Job) => void;
  readonly onShow: (dataset: ShownDataset) => void;
};

/** Takes over the process's channel. */
export function openChannel({ onJob, onShow }: Orders): Channel {
  const waiting = new Map<number, Waiting>();
  let requests = 0;
  const ask = (toMessage: (request: number) => FromWorker) => {
    requests += 1;
    const { promise, ...settling } = Promise.withResolvers<Answer>();
    waiting.set(requests, settling);
    send(toMessage(requests));
    return promise;
  };
  process.on('disconnect', () => process.exit(0));
  process.on('message', (message: ToWorker) => {
    if (message.kind === 'run') onJob(message.job);
    else if (message.kind === 'show') onShow(message.dataset);
    else settle(waiting, message);
  });
  return {
    send,
    async askForConnection(name) {
      const answer = await ask((request) => ({ kind: 'connection_needed', request, name }));
      assert(answer.kind === 'connection', 'who asks for a connection gets one');
      return answer.address;
    },
    async askForEndpoint(name) {
      const answer = await ask((request) => ({ kind: 'endpoint_needed', request, name }));
      assert(answer.kind === 'endpoint', 'who asks for an API gets one');
      return answer.endpoint;
    },
    async askToRecord(record) {
      await ask((request) => ({ kind: 'record_wanted', request, record }));
    },
  };
}

function send(message: FromWorker): void {
  assert(process.send !== undefined, 'a worker is started by its supervisor');
  // A send that fails means that the channel closes, which ends this process.
  process.send(message, undefined, undefined, () => {});
}

type Settling = Exclude<ToWorker, { kind: 'run' | 'show' }>;

function settle(waiting: Map<number, Waiting>, message: Settling): void {
  const asked = waiting.get(message.request);
  waiting.delete(message.request);
  if (message.kind === 'refused') asked?.reject(toError(message.failure));
  else asked?.resolve(message);
}

function toError(failure: AttemptFailure): FloeError {
  const code = isErrorCode(failure.code) ? failure.code : 'INTERNAL';
  const { message, details, hint } = failure;
  return new FloeError(code, message, hint === undefined ? { details } : { details, hint });
}

/**
 * Artifacts of attempts on their way to metadata.
 *
 *   K1. They are for people: nothing waits for them, and no attempt fails for want of one.
 *   K2. What waits is bounded in bytes; beyond it, and after the last try, artifacts are dropped with a line in the log.
 */
import { toFloeError } from '@floe/errors';
import type { RpcClient } from '@floe/rpc';
import {
  PutArtifactsRequest,
  type ArtifactService,
  type AttemptLease,
} from '@floe/rpc/internal-contracts';
import { retrying } from '@floe/service';
import type { TaskArtifact } from '@floe/tasks/run';
import type { Log } from '@floe/telemetry';

// Some hundred previews; a metadata service that is away for longer costs previews, not memory.
const WAITING_BYTES_MAX = 32 * 1024 * 1024;
// What metadata takes of one artifact.
const ARTIFACT_BYTES_MAX = 1_048_576;
// What metadata takes in one call.
const ARTIFACTS_MAX = 32;
const PUT_WITHIN_MS = 5_000;
// Together some ten seconds: long enough for a service to be restarted.
const TRIES_MAX = 6;
const RETRY_BASE_MS = 200;
const RETRY_MAX_MS = 5_000;

export type ArtifactClient = Pick<RpcClient<typeof ArtifactService>, 'putArtifacts'>;

type AttemptName = Pick<AttemptLease, 'runId' | 'taskId' | 'epoch'>;

const TITLES: Readonly<Record<TaskArtifact['kind'], string>> = {
  markdown: 'Summary',
  preview: 'Preview',
  check: 'Checks',
  plot: 'Plot',
};

export class ArtifactKeeper {
  readonly #client: ArtifactClient;
  readonly #log: Log;
  readonly #sending = new Set<Promise<void>>();
  #waitingBytes = 0;

  constructor(client: ArtifactClient, log: Log) {
    this.#client = client;
    this.#log = log;
  }

  /** Sends the artifacts of an attempt. Does not wait and does not throw. */
  put(lease: AttemptName, artifacts: readonly TaskArtifact[]): void {
    const request = toRequest(lease, artifacts);
    const bytes = request.artifacts.reduce((sum, { content }) => sum + content.length, 0);
    if (request.artifacts.length === 0) return;
    if (this.#waitingBytes + bytes > WAITING_BYTES_MAX)
      return this.#drop(lease, 'too many are waiting');
    this.#waitingBytes += bytes;
    const sending = this.#send(lease, request).finally(() => {
      this.#waitingBytes -= bytes;
      this.#sending.delete(sending);
    });
    this.#sending.add(sending);
  }

  /** Resolves when all that wait are sent or dropped, which the tries bound. */
  async stop(): Promise<void> {
    await Promise.all(this.#sending);
  }

  async #send(lease: AttemptName, request: PutArtifactsRequest): Promise<void> {
    try {
      await retrying(() => this.#client.putArtifacts(request, { deadlineMs: PUT_WITHIN_MS }), {
        attempts: TRIES_MAX,
        baseMs: RETRY_BASE_MS,
        maxMs: RETRY_MAX_MS,
        isRetryable: (error) => toFloeError(error).isRetryable,
      });
    } catch (thrown) {
      this.#drop(lease, toFloeError(thrown).message);
    }
  }

  #drop({ runId, taskId }: AttemptName, reason: string): void {
    this.#log.warn(
      { run_id: runId, task_id: taskId, reason },
      'artifacts of an attempt were dropped',
    );
  }
}

function toRequest(lease: AttemptName, artifacts: readonly TaskArtifact[]): PutArtifactsRequest {
  const { runId, taskId, epoch } = lease;
  const wanted = artifacts.slice(0, ARTIFACTS_MAX).map(({ name, kind, content }) => {
    const isText = typeof content === 'string';
    const text = isText ? content : JSON.stringify(content);
    const mediaType = isText ? 'text/markdown' : 'application/json';
    return { name, kind, title: TITLES[kind], mediaType, content: Buffer.from(text, 'utf8') };
  });
  const fitting = wanted.filter(({ content }) => content.length <= ARTIFACT_BYTES_MAX);
  return PutArtifactsRequest.create({ runId, taskId, epoch, artifacts: fitting });
}

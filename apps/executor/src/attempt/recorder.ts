import { assertNever } from '@floe/errors';
import type { RpcClient } from '@floe/rpc';
import {
  RecordMetricsRequest,
  RecordWorkflowMetadataRequest,
  type AttemptLease,
  type RecordService,
} from '@floe/rpc/internal-contracts';
import type { TaskRecord } from '@floe/tasks/light';
import { withTraceparent } from '@floe/telemetry';

// A write of a hundred rows; a metadata service that is restarted meanwhile is asked again by the client.
const RECORD_WITHIN_MS = 10_000;

export type RecordClient = Pick<
  RpcClient<typeof RecordService>,
  'recordMetrics' | 'recordWorkflowMetadata'
>;

type AttemptName = Pick<AttemptLease, 'runId' | 'taskId' | 'epoch' | 'traceparent'>;

/** Has metadata keep what an attempt says by name. Unlike artifacts the attempt waits for it, and fails for want of it. */
export class Recorder {
  readonly #client: RecordClient;

  constructor(client: RecordClient) {
    this.#client = client;
  }

  /** Errors: EPOCH_STALE, LIMIT_EXCEEDED, ARGUMENT_INVALID, SERVICE_UNAVAILABLE. */
  async record(record: TaskRecord, lease: AttemptName): Promise<void> {
    await withTraceparent(lease.traceparent, () => this.#send(record, lease));
  }

  async #send(record: TaskRecord, { runId, taskId, epoch }: AttemptName): Promise<void> {
    const options = { deadlineMs: RECORD_WITHIN_MS };
    switch (record.kind) {
      case 'metrics': {
        const metrics = [...record.metrics];
        const request = RecordMetricsRequest.create({ runId, taskId, epoch, metrics });
        await this.#client.recordMetrics(request, options);
        return;
      }
      case 'workflow_metadata': {
        const { entries } = record;
        const request = RecordWorkflowMetadataRequest.create({ runId, taskId, epoch, entries });
        await this.#client.recordWorkflowMetadata(request, options);
        return;
      }
      default:
        assertNever(record);
    }
  }
}

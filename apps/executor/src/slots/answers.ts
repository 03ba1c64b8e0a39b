import type { AttemptLease } from '@floe/rpc/internal-contracts';
import type { AttemptDependencies } from '../attempt/attempt-dependencies.ts';
import type { ConnectionNeeded, RecordWanted, ToWorker } from '../worker/messages.ts';
import { toFailure } from '../worker/to-failure.ts';
import type { OpenBackends } from './open-backends.ts';
import type { WorkerProcess } from './worker-process.ts';

type Question = ConnectionNeeded | RecordWanted;

/** What a worker asks of its supervisor, which has the credentials of Floe and the lease of the attempt. */
export class Answers {
  readonly #deps: Pick<AttemptDependencies, 'connections' | 'recorder'>;
  readonly #lease: AttemptLease;
  readonly #backends: OpenBackends;

  constructor(
    deps: Pick<AttemptDependencies, 'connections' | 'recorder'>,
    lease: AttemptLease,
    backends: OpenBackends,
  ) {
    this.#deps = deps;
    this.#lease = lease;
    this.#backends = backends;
  }

  /** Does not throw: what cannot be answered is refused, with the reason. */
  async give(question: Question, worker: WorkerProcess | undefined): Promise<void> {
    const { request } = question;
    try {
      worker?.send(await this.#find(question));
    } catch (thrown) {
      worker?.send({ kind: 'refused', request, failure: toFailure(thrown) });
    }
  }

  async #find(question: Question): Promise<ToWorker> {
    const { request, kind } = question;
    const { connections, recorder } = this.#deps;
    switch (kind) {
      case 'connection_needed': {
        const address = await connections.resolve(question.name, this.#lease);
        this.#backends.learnAddress(question.name, address);
        return { kind: 'connection', request, address };
      }
      case 'endpoint_needed': {
        const endpoint = await connections.resolveEndpoint(question.name, this.#lease);
        return { kind: 'endpoint', request, endpoint };
      }
      case 'record_wanted':
        await recorder.record(question.record, this.#lease);
        return { kind: 'recorded', request };
    }
  }
}

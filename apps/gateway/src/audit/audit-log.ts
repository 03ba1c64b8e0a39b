/**
 * The log of deeds: who asked for what, of which object, from where, with what result.
 *
 *   A1. A deed has its entry before it is done: without the log nothing is changed.
 *   A2. Its result is written behind the answer. When that fails it is told in the log of the gateway.
 *   A3. `settle` waits for the results that are on their way.
 */
import type { ControlDatabase } from '@floe/database';
import { toControlError } from '@floe/database';
import type { Log } from '@floe/telemetry';
import { beginDeed, endDeed } from '../store/audit.ts';
import type { DeedResult, NewDeed } from '../store/audit.ts';

export class AuditLog {
  readonly #database: ControlDatabase | undefined;
  readonly #log: Log;
  readonly #ending = new Set<Promise<void>>();

  /** Without a control database it keeps nothing. */
  constructor(database: ControlDatabase | undefined, log: Log) {
    this.#database = database;
    this.#log = log;
  }

  /** The id of the entry; undefined where none is kept. Throws DATABASE_UNAVAILABLE (A1). */
  async begin(deed: NewDeed): Promise<number | undefined> {
    if (this.#database === undefined) return undefined;
    try {
      return await beginDeed(this.#database, deed);
    } catch (thrown) {
      throw toControlError(thrown);
    }
  }

  end(auditId: number, result: DeedResult): void {
    if (this.#database === undefined) return;
    const ending = endDeed(this.#database, auditId, result)
      .catch((thrown: unknown) => {
        this.#log.error({ err: thrown, audit_id: auditId, ...result }, 'a result is in no audit');
      })
      .finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }

  async settle(): Promise<void> {
    await Promise.all(this.#ending);
  }
}

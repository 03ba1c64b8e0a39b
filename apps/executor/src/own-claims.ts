/**
 * The attempts that this executor claims or runs.
 *
 * Owns the secret that their tokens are made of; it lives as long as the process.
 *
 *   O1. The same attempt always gets the same token, and nobody else can guess it. So a claim whose answer was lost can
 *       be repeated, and the scheduler gives the same lease again.
 *   O2. An attempt is in one slot at most: while it is claimed or run, a hint for it that comes twice is dropped.
 */
import { createHmac, randomBytes } from 'node:crypto';

export type AttemptName = {
  readonly runId: string;
  readonly taskId: string;
  readonly epoch: number;
};

const SECRET_BYTES = 32;

export class OwnClaims {
  readonly #secret = randomBytes(SECRET_BYTES);
  readonly #current = new Set<string>();

  /** The token to claim the attempt with; undefined when a slot is on it already (O2). */
  begin(attempt: AttemptName): string | undefined {
    const key = keyOf(attempt);
    if (this.#current.has(key)) return undefined;
    this.#current.add(key);
    // HMAC-SHA-256 of the name (O1).
    return createHmac('sha256', this.#secret).update(key).digest('base64url');
  }

  /** The claim was refused or undecided, or the attempt has ended. */
  end(attempt: AttemptName): void {
    this.#current.delete(keyOf(attempt));
  }
}

function keyOf({ runId, taskId, epoch }: AttemptName): string {
  return JSON.stringify([runId, taskId, epoch]);
}

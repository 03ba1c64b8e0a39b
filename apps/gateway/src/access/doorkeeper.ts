/**
 * Knows callers by their tokens.
 *
 *   K1. Without a required token everybody is the local caller; a token that is sent all the same is checked like any.
 *   K2. What is found is kept for KNOWN_MS: a token that another gateway revokes is refused here after that at the latest.
 *   K3. What is not found is not kept: only real tokens take memory, and at most KNOWN_MAX of them.
 *   K4. A use is noted in the background, at most once in NOTE_USE_MS for each token.
 */
import { FloeError } from '@floe/errors';
import type { TokenRow } from '../store/tokens.ts';
import { LOCAL_CALLER } from './caller.ts';
import type { Caller } from './caller.ts';
import { hashToken, isTokenText } from './token-text.ts';

/** Where tokens are kept. */
export type TokenSource = {
  find(sha256: Buffer): Promise<TokenRow | undefined>;
  noteUse(tokenId: string, address: string): Promise<void>;
};

export type DoorkeeperOptions = {
  /** Undefined for a gateway without a control database: it knows no token at all. */
  readonly source: TokenSource | undefined;
  readonly isRequired: boolean;
  readonly now: () => number;
  readonly onProblem: (error: unknown) => void;
};

// Short enough for a revocation, long enough for the burst of requests that a page of the console makes.
const KNOWN_MS = 2_000;
const KNOWN_MAX = 1_000;
// Nobody asks for the last use of a token to the second, and each costs a write.
const NOTE_USE_MS = 60_000;

type Known = { readonly row: TokenRow; readonly untilMs: number };

export class Doorkeeper {
  readonly #options: DoorkeeperOptions;
  readonly #known = new Map<string, Known>();
  readonly #notedAtMs = new Map<string, number>();

  constructor(options: DoorkeeperOptions) {
    this.#options = options;
  }

  get isRequired(): boolean {
    return this.#options.isRequired;
  }

  /** Whoever the header `authorization` names. Throws TOKEN_MISSING, _INVALID, _EXPIRED or _REVOKED. */
  async admit(authorization: string | undefined, address: string): Promise<Caller> {
    if (authorization === undefined) {
      if (!this.#options.isRequired) return LOCAL_CALLER;
      throw missing();
    }
    const text = /^bearer +(\S+)$/i.exec(authorization)?.[1] ?? '';
    if (!isTokenText(text)) throw invalid('has not the form of a token');
    const row = await this.#find(text);
    if (row === undefined) throw invalid('is not known here');
    requireLive(row, this.#options.now());
    this.#noteUse(row, address);
    return toCaller(row);
  }

  /** Whether who was let in with it still would be. A database that is away says nothing against anybody. */
  async wouldAdmit(authorization: string | undefined, address: string): Promise<boolean> {
    try {
      await this.admit(authorization, address);
      return true;
    } catch (thrown) {
      return !(thrown instanceof FloeError && thrown.category === 'unauthenticated');
    }
  }

  /** A token was revoked here: it counts at once. */
  forgetAll(): void {
    this.#known.clear();
  }

  async #find(text: string): Promise<TokenRow | undefined> {
    const sha256 = hashToken(text);
    const key = sha256.toString('base64');
    const nowMs = this.#options.now();
    const known = this.#known.get(key);
    if (known !== undefined && nowMs < known.untilMs) return known.row;
    const row = await this.#options.source?.find(sha256);
    if (row === undefined) return undefined;
    if (this.#known.size >= KNOWN_MAX) this.#known.clear();
    this.#known.set(key, { row, untilMs: nowMs + KNOWN_MS });
    return row;
  }

  #noteUse({ token_id }: TokenRow, address: string): void {
    const nowMs = this.#options.now();
    const notedAtMs = this.#notedAtMs.get(token_id) ?? Number.NEGATIVE_INFINITY;
    if (nowMs - notedAtMs < NOTE_USE_MS) return;
    if (this.#notedAtMs.size >= KNOWN_MAX) this.#notedAtMs.clear();
    this.#notedAtMs.set(token_id, nowMs);
    this.#options.source?.noteUse(token_id, address).catch(this.#options.onProblem);
  }
}

function requireLive(row: TokenRow, nowMs: number): void {
  const details = { token: row.name };
  if (row.revoked_at !== null) {
    throw new FloeError('TOKEN_REVOKED', `the token ${row.name} was revoked`, {
      details,
      hint: 'Ask an administrator for another: floe tokens create NAME.',
    });
  }
  if (row.expires_at !== null && row.expires_at <= nowMs) {
    const when = new Date(row.expires_at).toISOString();
    throw new FloeError('TOKEN_EXPIRED', `the token ${row.name} has expired at ${when}`, {
      details,
      hint: 'Ask an administrator for another: floe tokens create NAME.',
    });
  }
}

function toCaller(row: TokenRow): Caller {
  return {
    actor: `token:${row.name}`,
    level: row.scope,
    workflowNames: row.workflow_names ?? [],
    tokenId: row.token_id,
  };
}

function missing(): FloeError {
  return new FloeError('TOKEN_MISSING', 'this Floe requires a token', {
    hint: 'Send the header Authorization: Bearer floe_…; commands take it from FLOE_TOKEN.',
  });
}

function invalid(reason: string): FloeError {
  return new FloeError('TOKEN_INVALID', `what the header authorization holds ${reason}`, {
    hint: 'It is Bearer, a space, and the token as it was shown when it was made.',
  });
}

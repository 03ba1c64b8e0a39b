/** Makes, lists and revokes tokens for callers who may. */
import { randomBytes, randomUUIDv7 } from 'node:crypto';
import { toControlError } from '@floe/database';
import type { ControlDatabase } from '@floe/database';
import { FloeError, isUuid } from '@floe/errors';
import type { Violation } from '@floe/errors';
import { CreateTokenRequest, ListTokensRequest, RevokeTokenRequest } from '@floe/rpc/contracts';
import type {
  CreateTokenResponse,
  ListTokensResponse,
  RevokeTokenResponse,
  Token,
} from '@floe/rpc/contracts';
import { RESOURCE_NAME } from '@floe/workflow/names';
import { cutPage, keyOfToken, pageSize, pageToken } from '../page.ts';
import { insertToken, listTokens, revokeToken } from '../store/tokens.ts';
import type { TokenRow } from '../store/tokens.ts';
import type { Caller } from './caller.ts';
import type { Doorkeeper } from './doorkeeper.ts';
import { fromTokenScope, toTokenScope } from './level.ts';
import type { Level } from './level.ts';
import { SECRET_BYTES, hashToken, writeToken } from './token-text.ts';

const NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/;
const WORKFLOW_NAMES_MAX = 100;

export class TokenDesk {
  readonly #database: ControlDatabase | undefined;
  readonly #doorkeeper: Doorkeeper;

  constructor(database: ControlDatabase | undefined, doorkeeper: Doorkeeper) {
    this.#database = database;
    this.#doorkeeper = doorkeeper;
  }

  async create(values: unknown, caller: Caller): Promise<CreateTokenResponse> {
    const request = CreateTokenRequest.fromJSON(values);
    const level = requireValid(request, Date.now());
    const secret = writeToken(randomBytes(SECRET_BYTES));
    const row = await this.#ask((database) =>
      insertToken(database, {
        tokenId: randomUUIDv7(),
        name: request.name,
        sha256: hashToken(secret),
        level,
        workflowNames: request.workflowNames,
        createdBy: caller.actor,
        expiresAtMs: request.expireTime?.getTime() ?? null,
      }),
    );
    if (row === undefined) throw nameTaken(request.name);
    return { token: toMessage(row), secret };
  }

  async list(values: unknown): Promise<ListTokensResponse> {
    const request = ListTokensRequest.fromJSON(values);
    const size = pageSize(request.pageSize);
    const before = keyOfToken('tokens', request.pageToken, isUuid);
    const rows = await this.#ask((database) => listTokens(database, { before, limit: size + 1 }));
    const page = cutPage(rows, size, (last) => pageToken('tokens', last.token_id));
    return { tokens: page.rows.map(toMessage), nextPageToken: page.nextPageToken };
  }

  async revoke(values: unknown, caller: Caller): Promise<RevokeTokenResponse> {
    const { tokenId } = RevokeTokenRequest.fromJSON(values);
    // A text that is no id is not asked for: PostgreSQL would fail on some, like those with a NUL.
    const row = isUuid(tokenId)
      ? await this.#ask((database) => revokeToken(database, tokenId, caller.actor))
      : undefined;
    if (row === undefined) {
      throw new FloeError('TOKEN_NOT_FOUND', `there is no token ${tokenId}`, {
        details: { tokenId },
        hint: 'floe tokens list shows those that there are.',
      });
    }
    this.#doorkeeper.forgetAll();
    return { token: toMessage(row) };
  }

  async #ask<Result>(query: (database: ControlDatabase) => Promise<Result>): Promise<Result> {
    if (this.#database === undefined) throw noDatabase();
    try {
      return await query(this.#database);
    } catch (thrown) {
      throw toControlError(thrown);
    }
  }
}

export function noDatabase(): FloeError {
  return new FloeError('TOKENS_UNAVAILABLE', 'this gateway has no control database', {
    hint: 'Set FLOE_DATABASE_URL for the gateway, as for the other services.',
  });
}

/** The level that is asked for. Throws ARGUMENT_INVALID with everything that is wrong. */
function requireValid(request: CreateTokenRequest, nowMs: number): Level {
  const { name, workflowNames, expireTime } = request;
  const level = fromTokenScope(request.scope);
  const violations: Violation[] = [];
  const find = (isWrong: boolean, field: string, message: string) => {
    if (isWrong) violations.push({ field, message });
  };
  find(!NAME.test(name), 'name', 'has to be small letters, digits, dots, _ and -, at most 63');
  find(level === undefined, 'scope', 'has to be read, run, write or admin');
  const areNames = workflowNames.every((workflow) => RESOURCE_NAME.test(workflow));
  find(!areNames, 'workflowNames', 'has to hold names of workflows');
  find(workflowNames.length > WORKFLOW_NAMES_MAX, 'workflowNames', 'holds more than 100 names');
  // What is above a workflow cannot be limited to one.
  const isTooHigh = workflowNames.length > 0 && level !== 'read' && level !== 'run';
  find(isTooHigh, 'workflowNames', 'can limit the scopes read and run only');
  find((expireTime?.getTime() ?? Infinity) <= nowMs, 'expireTime', 'is over already');
  if (violations.length === 0 && level !== undefined) return level;
  const listed = violations.map(({ field, message }) => `${field} ${message}`).join('; ');
  throw new FloeError('ARGUMENT_INVALID', `no token can be made: ${listed}`, { violations });
}

function nameTaken(name: string): FloeError {
  return new FloeError('TOKEN_NAME_TAKEN', `another token is called ${name}`, {
    details: { name },
    hint: 'Choose another name, or revoke that token first: floe tokens revoke.',
  });
}

function toMessage(row: TokenRow): Token {
  return {
    tokenId: row.token_id,
    name: row.name,
    scope: toTokenScope(row.scope),
    workflowNames: [...(row.workflow_names ?? [])],
    createdBy: row.created_by,
    createTime: new Date(row.created_at),
    expireTime: toDate(row.expires_at),
    revokeTime: toDate(row.revoked_at),
    lastUseTime: toDate(row.last_used_at),
    lastUseAddress: row.last_used_address ?? '',
  };
}

function toDate(ms: number | null): Date | undefined {
  return ms === null ? undefined : new Date(ms);
}

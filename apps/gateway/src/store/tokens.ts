/** Tokens in the control database. Bounded: see TOKENS_MAX; dead ones go after a quarter of a year. */
import type { ControlDatabase, NamedStatement } from '@floe/database';
import type { Level } from '../access/level.ts';

type Db = Pick<ControlDatabase, 'query'>;

export type TokenRow = {
  readonly token_id: string;
  readonly name: string;
  readonly scope: Level;
  readonly workflow_names: readonly string[] | null;
  readonly created_by: string;
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly revoked_at: number | null;
  readonly last_used_at: number | null;
  readonly last_used_address: string | null;
};

export type NewToken = {
  /** A UUIDv7, so that their order is that of time. */
  readonly tokenId: string;
  readonly name: string;
  readonly sha256: Buffer;
  readonly level: Level;
  readonly workflowNames: readonly string[];
  readonly createdBy: string;
  readonly expiresAtMs: number | null;
};

// One for each person and program of a large company.
const TOKENS_MAX = 10_000;
const DEAD_DAYS = 90;

const COLUMNS = `token_id, name, scope, workflow_names, created_by, created_at, expires_at, revoked_at,
  last_used_at, last_used_address`;

const FIND = statement(
  'gateway_find_token',
  `select ${COLUMNS} from floe.api_token where sha256 = $1`,
);

export async function findToken(db: Db, sha256: Buffer): Promise<TokenRow | undefined> {
  const rows = await db.query<TokenRow>(FIND, [sha256]);
  return rows[0];
}

const INSERT = statement(
  'gateway_insert_token',
  `insert into floe.api_token (token_id, name, sha256, scope, workflow_names, created_by, expires_at)
   select $1, $2, $3, $4, $5, $6, to_timestamp($7::float8 / 1000)
   where (select count(*) from floe.api_token) < ${TOKENS_MAX}
   on conflict (name) where revoked_at is null do nothing
   returning ${COLUMNS}`,
);

/** Undefined when another live token has the name, or when there are too many. */
export async function insertToken(db: Db, token: NewToken): Promise<TokenRow | undefined> {
  const { tokenId, name, sha256, level, workflowNames, createdBy, expiresAtMs } = token;
  const names = workflowNames.length === 0 ? null : workflowNames;
  const values = [tokenId, name, sha256, level, names, createdBy, expiresAtMs];
  const rows = await db.query<TokenRow>(INSERT, values);
  return rows[0];
}

const LIST = statement(
  'gateway_list_tokens',
  `select ${COLUMNS} from floe.api_token where $1 = '' or token_id < $1 order by token_id desc limit $2`,
);

export function listTokens(db: Db, page: { before: string; limit: number }): Promise<TokenRow[]> {
  return db.query<TokenRow>(LIST, [page.before, page.limit]);
}

// The first revocation stays the one that is told.
const REVOKE = statement(
  'gateway_revoke_token',
  `update floe.api_token set revoked_at = coalesce(revoked_at, clock_timestamp()),
     revoked_by = coalesce(revoked_by, $2)
   where token_id = $1 returning ${COLUMNS}`,
);

export async function revokeToken(
  db: Db,
  tokenId: string,
  by: string,
): Promise<TokenRow | undefined> {
  const rows = await db.query<TokenRow>(REVOKE, [tokenId, by]);
  return rows[0];
}

const NOTE_USE = statement(
  'gateway_note_token_use',
  `update floe.api_token set last_used_at = clock_timestamp(), last_used_address = $2 where token_id = $1`,
);

export async function noteTokenUse(db: Db, tokenId: string, address: string): Promise<void> {
  await db.query(NOTE_USE, [tokenId, address]);
}

const HAS_ADMIN = statement(
  'gateway_has_admin_token',
  `select 1 from floe.api_token where scope = 'admin' and workflow_names is null and revoked_at is null
     and (expires_at is null or expires_at > clock_timestamp()) limit 1`,
);

export async function hasAdminToken(db: Db): Promise<boolean> {
  return (await db.query(HAS_ADMIN, [])).length > 0;
}

const DELETE_DEAD = statement(
  'gateway_delete_dead_tokens',
  `delete from floe.api_token
   where least(revoked_at, expires_at) < clock_timestamp() - interval '${DEAD_DAYS} days'`,
);

export async function deleteDeadTokens(db: Db): Promise<void> {
  await db.query(DELETE_DEAD, []);
}

function statement(name: string, text: string): NamedStatement {
  return { name, text: `/* ${name} */ ${text}` };
}

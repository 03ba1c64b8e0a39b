import { toControlError } from '@floe/database';
import type { ControlDatabase } from '@floe/database';
import { ListAuditEntriesRequest } from '@floe/rpc/contracts';
import type { AuditEntry, ListAuditEntriesResponse } from '@floe/rpc/contracts';
import { noDatabase } from '../access/token-desk.ts';
import { cutPage, keyOfToken, pageSize, pageToken } from '../page.ts';
import { listDeeds } from '../store/audit.ts';
import type { AuditRow } from '../store/audit.ts';

// Ids are counted from 1 and stay below 2^53.
const AUDIT_ID = /^\d{1,15}$/;
// No text of a filter with this in it is in the log, and PostgreSQL refuses it.
const NUL = '\u0000';

/** Entries of the log of deeds, newest first. */
export async function listAuditEntries(
  database: ControlDatabase | undefined,
  values: unknown,
): Promise<ListAuditEntriesResponse> {
  if (database === undefined) throw noDatabase();
  const request = ListAuditEntriesRequest.fromJSON(values);
  const size = pageSize(request.pageSize);
  const key = keyOfToken('audit entries', request.pageToken, (key) => AUDIT_ID.test(key));
  const before = key === '' ? Number.MAX_SAFE_INTEGER : Number(key);
  const { actor, object, action, fromTime, toTime } = request;
  if (`${actor}${object}${action}`.includes(NUL)) return { entries: [], nextPageToken: '' };
  const filter = {
    actor,
    object,
    action,
    fromMs: fromTime?.getTime() ?? null,
    toMs: toTime?.getTime() ?? null,
  };
  try {
    const rows = await listDeeds(database, filter, { before, limit: size + 1 });
    const page = cutPage(rows, size, (last) => pageToken('audit entries', String(last.audit_id)));
    return { entries: page.rows.map(toMessage), nextPageToken: page.nextPageToken };
  } catch (thrown) {
    throw toControlError(thrown);
  }
}

function toMessage(row: AuditRow): AuditEntry {
  return {
    auditId: BigInt(row.audit_id),
    occurTime: new Date(row.occurred_at),
    actor: row.actor,
    tokenId: row.token_id ?? '',
    action: row.action,
    object: row.object,
    address: row.address,
    traceId: row.trace_id,
    status: row.status ?? 0,
    errorCode: row.error_code,
  };
}

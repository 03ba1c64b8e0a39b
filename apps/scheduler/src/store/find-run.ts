import type { ControlDatabase } from '@floe/database';

/** The run that a request id started, and the digest of what that request asked for. */
export async function findRunByRequestId(
  db: ControlDatabase['db'],
  requestId: string,
): Promise<{ runId: string; requestDigest: string } | undefined> {
  const row = await db
    .selectFrom('run_request')
    .select(['run_id', 'request_digest'])
    .where('request_id', '=', requestId)
    .executeTakeFirst();
  return row === undefined
    ? undefined
    : { runId: row.run_id, requestDigest: row.request_digest ?? '' };
}

/** How many runs have not ended. */
export async function countActiveRuns(db: ControlDatabase['db']): Promise<number> {
  const row = await db
    .selectFrom('run')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('wake_at', 'is not', null)
    .executeTakeFirstOrThrow();
  return row.count;
}

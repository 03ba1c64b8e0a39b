/**
 * Sending, as the ledger knows it.
 *
 *   C1. One process at a time sends to a destination: it holds a claim for CLAIM_SECONDS, and stops before that is over.
 *   C2. What a message holds is written before its first try. After a kill the next holder sends the same message under
 *       the same id.
 *   C3. A notice that is no longer pending is never sent again.
 */
import { sql } from 'kysely';
import type { ControlDatabase } from '@floe/database';
import type { Notice, NoticeFacts, NoticeRule, NoticeEvent, Pace } from '@floe/notification';

type Db = ControlDatabase['db'];

export type Destination = Pace & {
  readonly destination: string;
  readonly failureCount: number;
  readonly now: number;
};

export type PendingNotice = Notice & {
  readonly messageId: string | undefined;
  /** Who is still to get the message, where others have it; undefined: all. */
  readonly owedTo: readonly string[] | undefined;
  readonly createdAt: number;
};

// C1: longer than the few messages of one turn may take.
const CLAIM_SECONDS = 90;

type DestinationRow = {
  destination: string;
  failure_count: number;
  window_from: number;
  window_count: number;
  summed_at: number;
  now: number;
};

/** A destination for which something waits and to which nobody sends; its row is locked until the commit. */
export async function lockDestination(tx: Db): Promise<Destination | undefined> {
  const { rows } = await sql<DestinationRow>`/* metadata.lock_destination */
    select destination, failure_count, window_from, window_count, summed_at, clock_timestamp() as now
    from notice_destination d
    where next_at <= clock_timestamp() and claimed_until <= clock_timestamp()
      and exists (select from notice n where n.destination = d.destination and n.state = 'pending')
    order by next_at limit 1 for update skip locked`.execute(tx);
  const [row] = rows;
  return (
    row && {
      destination: row.destination,
      failureCount: row.failure_count,
      windowFrom: row.window_from,
      windowCount: row.window_count,
      summedAt: row.summed_at,
      now: row.now,
    }
  );
}

type PendingRow = {
  notice_id: string;
  message_id: string | null;
  owed_to: string[] | null;
  event: NoticeEvent;
  rule: NoticeRule;
  facts: NoticeFacts;
  created_at: number;
};

/** What waits, oldest first; of messages that were begun all parts. */
export async function readPending(
  tx: Db,
  destination: string,
  limit: number,
): Promise<readonly PendingNotice[]> {
  const { rows } = await sql<PendingRow>`/* metadata.read_pending_notices */
    select notice_id, message_id, owed_to, event, rule, facts, created_at from notice
    where destination = ${destination} and state = 'pending'
    order by (message_id is null), created_at, notice_id limit ${limit}`.execute(tx);
  return rows.map((row) => ({
    noticeId: row.notice_id,
    messageId: row.message_id ?? undefined,
    owedTo: row.owed_to ?? undefined,
    event: row.event,
    rule: row.rule,
    facts: row.facts,
    createdAt: row.created_at,
  }));
}

/** C2 */
export async function beginMessages(
  tx: Db,
  messages: readonly { readonly messageId: string; readonly noticeIds: readonly string[] }[],
): Promise<void> {
  for (const { messageId, noticeIds } of messages) {
    await sql`/* metadata.begin_message */
      update notice set message_id = ${messageId} where notice_id = any(${[...noticeIds]}::uuid[])`.execute(
      tx,
    );
  }
}

export async function claimDestination(tx: Db, destination: string, claim: string): Promise<void> {
  await sql`/* metadata.claim_destination */
    update notice_destination
    set claim = ${claim}, claimed_until = clock_timestamp() + make_interval(secs => ${CLAIM_SECONDS})
    where destination = ${destination}`.execute(tx);
}

/** Ends a turn: nobody is to send there before `nextAt`. A claim that was taken over is left to its holder. */
export async function releaseDestination(
  db: Db,
  turn: { destination: string; claim: string; nextAt: number; failureCount: number; pace: Pace },
): Promise<void> {
  const { destination, claim, nextAt, failureCount, pace } = turn;
  await sql`/* metadata.release_destination */
    update notice_destination
    set claim = null, claimed_until = '-infinity', next_at = ${new Date(nextAt)}, failure_count = ${failureCount},
      window_from = ${new Date(pace.windowFrom)}, window_count = ${pace.windowCount},
      summed_at = ${new Date(pace.summedAt)}
    where destination = ${destination} and (claim = ${claim} or claim is null)`.execute(db);
}

export type Settlement = {
  readonly noticeIds: readonly string[];
  readonly state: 'sent' | 'failed' | 'pending';
  readonly problem: string;
  /** Of a try that some took: who is still to get it. */
  readonly owedTo?: readonly string[] | undefined;
};

/** What became of a try. */
export async function settleNotices(db: Db, settlement: Settlement): Promise<void> {
  const { noticeIds, state, problem, owedTo } = settlement;
  await sql`/* metadata.settle_notices */
    update notice
    set state = ${state}, problem = ${problem}, attempt_count = attempt_count + 1,
      owed_to = coalesce(${owedTo === undefined ? null : [...owedTo]}::text[], owed_to),
      ended_at = case when ${state} = 'pending' then null else clock_timestamp() end
    where notice_id = any(${[...noticeIds]}::uuid[]) and state = 'pending'`.execute(db);
}

/**
 * Ends sessions whose server has fallen silent. A firewall, proxy or failover that forgets a connection often closes
 * nothing: its other side would wait for an answer until the task's time is over, or, without a limit, forever.
 *
 *   W1. A statement may be slow: as long as the server says that it works on it, nothing happens. It is asked aside, on a
 *       connection of its own, when nothing has gone either way for a while and it is the server's turn.
 *   W2. One look is none: an answer may be on its way. Only what two looks in a row agree on ends the session.
 *   W3. The lost session is ended on the server too, if that can be: it may hold locks that the next attempt needs.
 *   W4. Behind a pooler nobody knows which server process works for us; only whether anybody answers is looked at.
 */
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { FloeError } from '@floe/errors';
import { DatabaseError } from 'pg';
import { cancelBackend } from './cancel-backend.ts';
import { closeClient, connectClient } from './connect-client.ts';
import type { TargetAddress } from './target-address.ts';

export type SilenceLimits = {
  /** How long nothing may come before the server is asked aside, each time. */
  readonly afterMs: number;
  /** How long that may take. */
  readonly lookMs: number;
};

/** A dead connection ends within a good minute: sooner than people look, later than any network hiccup. */
export const SILENCE_LIMITS: SilenceLimits = { afterMs: 20_000, lookMs: 10_000 };

const LOOKS = 2;

export type WatchedSession = {
  readonly address: TargetAddress;
  readonly socket: Socket;
  readonly applicationName: string;
  /** Undefined behind a pooler (W4). */
  readonly backendPid: number | undefined;
};

/** What speaks against the session. */
type Finding = { readonly reason: string; readonly isThere: boolean };

/** Runs the body, whose statement fails when the server turns out to be lost. */
export async function withSilenceWatch<Result>(
  session: WatchedSession,
  limits: SilenceLimits,
  body: { readonly run: () => Promise<Result>; readonly isServersTurn: () => boolean },
): Promise<Result> {
  const ending = new AbortController();
  void watch(session, limits, { signal: ending.signal, isServersTurn: body.isServersTurn });
  try {
    return await body.run();
  } finally {
    ending.abort();
  }
}

type Statement = { readonly signal: AbortSignal; readonly isServersTurn: () => boolean };

async function watch(
  session: WatchedSession,
  limits: SilenceLimits,
  { signal, isServersTurn }: Statement,
): Promise<void> {
  const { socket } = session;
  let looks = 0;
  let carried = carriedBytes(socket);
  while (await hasPassed(limits.afterMs, signal)) {
    const isQuiet = () => carriedBytes(socket) === carried && isServersTurn();
    const finding = isQuiet() ? await lookAside(session, limits.lookMs) : undefined;
    if (signal.aborted) return;
    looks = finding !== undefined && isQuiet() ? looks + 1 : 0;
    carried = carriedBytes(socket);
    if (finding === undefined || looks < LOOKS) continue;
    socket.destroy(new Error(`nothing has come for a long time, and ${finding.reason}`));
    if (finding.isThere && session.backendPid !== undefined) endLost(session, session.backendPid);
    return;
  }
}

async function hasPassed(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await delay(ms, undefined, { signal, ref: false });
    return true;
  } catch {
    return false; // The statement is over.
  }
}

function carriedBytes({ bytesRead, bytesWritten }: Socket): number {
  return bytesRead + bytesWritten;
}

/** W3. The attempt does not wait for it. */
function endLost({ address, applicationName: name }: WatchedSession, backendPid: number): void {
  cancelBackend(address, backendPid, { name }).catch(() => {
    // The server ends it by itself once it notices.
  });
}

/** Undefined while all is well, as far as can be seen. */
async function lookAside(
  { address, backendPid }: WatchedSession,
  lookMs: number,
): Promise<Finding | undefined> {
  try {
    const client = await connectClient(address, 'floe:look', lookMs);
    try {
      const question = client.query<Activity>(
        `select state, wait_event from pg_stat_activity where pid = $1 and application_name like 'floe:%'`,
        [backendPid ?? 0],
      );
      const answer = await Promise.race([question, delay(lookMs, undefined, { ref: false })]);
      if (answer === undefined) return UNANSWERED;
      return backendPid === undefined ? undefined : findingOf(answer.rows[0]);
    } finally {
      void closeClient(client);
    }
  } catch (thrown) {
    return isAnswer(thrown) ? undefined : UNREACHABLE;
  }
}

/** Also a server that refuses is there. */
function isAnswer(thrown: unknown): boolean {
  const cause = thrown instanceof FloeError ? thrown.cause : thrown;
  return cause instanceof DatabaseError;
}

type Activity = { readonly state: string | null; readonly wait_event: string | null };

const UNREACHABLE: Finding = { reason: 'the server does not answer any longer', isThere: false };
const UNANSWERED: Finding = {
  reason:
    'the server lets us in and answers nothing: it hangs, or all connections of a pooler before it are taken (raise its pool size, or extract with `parallel: 1`)',
  isThere: false,
};
const GONE: Finding = { reason: 'the server has no such session any longer', isThere: false };
const LOST: Finding = {
  reason: 'the server waits for us as we wait for it: what was sent is lost on the way',
  isThere: true,
};

function findingOf(activity: Activity | undefined): Finding | undefined {
  if (activity === undefined) return GONE;
  const { state, wait_event: waits } = activity;
  if (state?.startsWith('idle') === true) return LOST;
  return state === 'active' && (waits === 'ClientRead' || waits === 'ClientWrite')
    ? LOST
    : undefined;
}

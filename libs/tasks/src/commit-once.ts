/**
 * A transaction in a user's database that takes effect once for a run and task, however often attempts repeat it.
 *
 *   K1. It locks the ledger's row of the run and task first, and marks it done last: effect and mark commit together.
 *   K2. An attempt older than the newest that has opened the row cannot commit.
 *   K3. What is done already is not done again: the counts of the ledger are the answer.
 *   K4. When the answer to the commit is lost, the ledger is asked; nothing is guessed.
 */
import { sqlStateOf, type TargetSession } from '@floe/database/target';
import { FloeError } from '@floe/errors';
import type { FoundConnection } from './open-connection.ts';
import { askLedger } from './postgres_load/ask-ledger.ts';
import { ensureLedger, lockLoad, markDone, openLoad } from './postgres_load/load-ledger.ts';
import type { TaskContext } from './runner.ts';

/** A session that holds what the transaction needs for longer makes the attempt fail, to be tried again. */
const LOCK_TIMEOUT_MS = 30_000;
/** A worker that stops in the middle of the transaction keeps its locks no longer than this. */
const IDLE_TIMEOUT_MS = 30_000;

export type Effect = { readonly rows: number; readonly bytes: number };

export type CommitOnce = {
  readonly context: TaskContext;
  readonly connection: FoundConnection;
  readonly traceparent: string | undefined;
};

/** Runs the body in the transaction. Errors: LOAD_FENCED, and those of the body. */
export async function commitOnce(
  once: CommitOnce,
  body: (session: TargetSession) => Promise<Effect>,
): Promise<Effect> {
  await using session = await once.connection.open({ traceparent: once.traceparent });
  await ensureLedger(session);
  const { runId, taskId, epoch } = once.context;
  const key = { runId, taskId, epoch };
  const opened = await openLoad(session, key);
  if (opened.kind === 'done') return known(once.context, opened); // K3
  try {
    return await session.transaction(await beginAsUsual(session), async () => {
      await session.query(
        `set local lock_timeout = ${LOCK_TIMEOUT_MS};
         set local idle_in_transaction_session_timeout = ${IDLE_TIMEOUT_MS}`,
      );
      const state = await lockLoad(session, key); // K1, K2
      if (state.kind === 'done') return known(once.context, state);
      const effect = await body(session);
      await markDone(session, key, effect);
      return effect;
    });
  } catch (thrown) {
    if (!isOpenQuestion(thrown) || once.context.signal.aborted) throw thrown;
    once.context.log('warn', `asking the ledger whether it is done: ${thrown.message}`);
    const { connection, traceparent } = once;
    return known(once.context, await askLedger({ key, connection, traceparent }, thrown)); // K4
  }
}

/** The statements are the user's, and so is what they see of others: the session itself begins `read committed`. */
async function beginAsUsual(session: TargetSession): Promise<string> {
  const [found] = await session.query<{ isolation: string }>(
    `select reset_val as isolation from pg_settings where name = 'default_transaction_isolation'`,
  );
  const usual = ISOLATIONS.find((each) => each === found?.isolation) ?? 'read committed';
  return `begin isolation level ${usual}`;
}

const ISOLATIONS = ['read committed', 'repeatable read', 'serializable'] as const;

/** The row was written by another attempt, where the transaction is to see nothing of others. */
const SERIALIZATION_FAILURE = '40001';

/** K4 */
function isOpenQuestion(thrown: unknown): thrown is FloeError {
  return (
    thrown instanceof FloeError &&
    (thrown.code === 'CONNECTION_FAILED' || sqlStateOf(thrown) === SERIALIZATION_FAILURE)
  );
}

function known(context: TaskContext, { rows, bytes }: Effect): Effect {
  context.log('info', 'an earlier attempt has done this already');
  return { rows, bytes };
}

import { type TargetSession, openTarget } from '@floe/database/target';
import type { TaskContext } from './runner.ts';
import { sessionName } from './session-name.ts';

/** The task's own timeout limits a statement; the server is given none besides. */
const NO_STATEMENT_TIMEOUT_MS = 0;
/** Dropping a table takes milliseconds; whoever waits for the failure waits no longer than this. */
const CLEANUP_TIMEOUT_MS = 5_000;

export type SessionOptions = {
  readonly traceparent: string | undefined;
  /** Ends the session as an abort of the attempt does. */
  readonly signal?: AbortSignal;
  readonly statementTimeoutMs?: number;
};

export type FoundConnection = {
  /** A session that ends when the attempt is aborted. */
  open(options: SessionOptions): Promise<TargetSession>;
  /** A session for cleaning up, which an abort leaves alone. */
  openForCleanup(): Promise<TargetSession>;
};

/**
 * The database of a connection by name. Every session says which run and task it serves; those for work report their
 * server process, so that a statement can be cancelled after a kill.
 */
export async function findConnection(context: TaskContext, name: string): Promise<FoundConnection> {
  const address = await context.connection(name);
  const applicationName = sessionName(context);
  return {
    async open({ traceparent, signal, statementTimeoutMs = NO_STATEMENT_TIMEOUT_MS }) {
      const session = await openTarget(address, {
        applicationName,
        statementTimeoutMs,
        signal: signal === undefined ? context.signal : AbortSignal.any([context.signal, signal]),
        ...(traceparent !== undefined && { traceparent }),
      });
      context.progress({ backendPid: session.backendPid, connection: name });
      return session;
    },
    openForCleanup: () =>
      openTarget(address, { applicationName, statementTimeoutMs: CLEANUP_TIMEOUT_MS }),
  };
}

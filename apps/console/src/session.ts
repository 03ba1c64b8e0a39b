/**
 * Who this browser is to the gateway. A token may expire or be revoked while pages are open, with streams, forms and a text
 * that nobody has stored yet.
 *
 *   1. A request that is refused for its token waits until somebody has signed in, and is sent again: pages and streams go on
 *      where they were, and nothing that was written is lost.
 *   2. That takes as long as a person takes. Only the page that asked can give up; the time that a call has begins anew.
 *   3. While nobody is signed in nothing is sent: a gateway counts wrong tokens.
 *   4. A token that is given is tried before it is taken.
 */
import { useSyncExternalStore } from 'react';
import { createFloeClient } from '@floe/client';
import type { FloeClientOptions } from '@floe/client';
import { keptAnswers } from './kept-answers.ts';
import { keepToken, readToken } from './own-token.ts';
import { isPassing } from './problem.ts';
import { learnServerTime } from './server-clock.ts';

type Fetch = NonNullable<FloeClientOptions['fetch']>;

export type Session = {
  /** The gateway wants to know first who asks, and why; undefined while it answers. */
  readonly refusal: string | undefined;
  /** Something was answered before: there are pages to go on with. */
  readonly hasBeenIn: boolean;
  /** Another one after each time that somebody has signed in. */
  readonly era: number;
};

const UNAUTHENTICATED = 401;
const EVENTS = 'text/event-stream';
// As long as the client itself waits for an answer.
const CALL_TIMEOUT_MS = 35_000;

let session: Session = { refusal: undefined, hasBeenIn: false, era: 0 };
let signedIn = Promise.withResolvers<void>();
const listeners = new Set<() => void>();

function change(next: Partial<Session>): void {
  session = { ...session, ...next };
  for (const listener of listeners) listener();
}

export function useSession(): Session {
  return useSyncExternalStore(subscribe, () => session);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A fetch that names the token, and waits for a new one where it is refused (1). */
export function createSessionFetch(fetch: Fetch): Fetch {
  return async (url, init) => {
    let asked = init;
    for (;;) {
      if (session.refusal !== undefined) {
        await untilSignedIn(init.signal ?? undefined);
        asked = begunAnew(init);
      }
      const token = readToken();
      const response = await fetch(url, withToken(asked, token));
      learnServerTime(response);
      if (response.status !== UNAUTHENTICATED) {
        if (response.ok && !session.hasBeenIn) change({ hasBeenIn: true });
        return response;
      }
      // Somebody may have signed in while this was under way.
      if (token === readToken()) change({ refusal: await reasonOf(response) });
    }
  };
}

function withToken(init: RequestInit, token: string | undefined): RequestInit {
  if (token === undefined) return init;
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${token}`);
  return { ...init, headers };
}

/** The same request with all of its time (2). A stream that has been silent too long is opened anew by who reads it. */
function begunAnew(init: RequestInit): RequestInit {
  if (new Headers(init.headers).get('accept') !== EVENTS)
    return { ...init, signal: AbortSignal.timeout(CALL_TIMEOUT_MS) };
  if (init.signal?.aborted === true) throw new TypeError('the stream has waited for a token');
  return init;
}

/** Rejects when the page gives up; that a time has run out does not count (2). */
function untilSignedIn(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const over = new AbortController();
    const leave = () => {
      const reason: unknown = signal?.reason;
      const isTime = reason instanceof Error && reason.name === 'TimeoutError';
      if (isTime || isPassing(reason)) return;
      over.abort();
      reject(reason instanceof Error ? reason : new Error(String(reason)));
    };
    signal?.addEventListener('abort', leave, { signal: over.signal });
    if (signal?.aborted === true) leave();
    void signedIn.promise.then(() => {
      over.abort();
      resolve();
    });
  });
}

async function reasonOf(response: Response): Promise<string> {
  const problem = (await response.json().catch(() => ({}))) as { readonly detail?: unknown };
  return typeof problem.detail === 'string' ? problem.detail : 'this Floe requires a token';
}

/** Goes on with another token; rejects with what is wrong with it, and then nothing has changed (4). */
export async function signIn(token: string): Promise<void> {
  const { origin } = globalThis.location;
  await createFloeClient({ baseUrl: origin, token }).getCaller();
  keepToken(token);
  // They may have been for somebody else.
  keptAnswers.clear();
  signedIn.resolve();
  signedIn = Promise.withResolvers();
  change({ refusal: undefined, era: session.era + 1 });
}

import { FloeError } from '@floe/errors';
import { isPassing } from '@floe/http';
import type { Config } from '../config-fields.ts';

/** Whether a status is one of those that the task takes for good. */
export function isExpected({ expect }: Config, status: number): boolean {
  const expected: readonly unknown[] = Array.isArray(expect) ? expect : ['2xx'];
  return expected.some((each) => each === status || each === `${Math.floor(status / 100)}xx`);
}

export type UnexpectedAnswer = {
  readonly status: number;
  /** Method and address for people, without query. */
  readonly place: string;
  /** The beginning of the answer where it is text, without secrets. */
  readonly said: string;
  readonly location: string | undefined;
};

/** Errors: HTTP_UNAVAILABLE for what is said to pass, HTTP_REFUSED for the rest. */
export function unexpectedStatus(answer: UnexpectedAnswer): FloeError {
  const { status, place, said, location } = answer;
  const code = isPassing(status) ? 'HTTP_UNAVAILABLE' : 'HTTP_REFUSED';
  const words = said === '' ? '' : `: ${said}`;
  return new FloeError(code, `${place} answered ${status}${words}`, {
    details: { request: place, status: String(status) },
    hint: mendOf(status, location),
  });
}

const MENDS: Readonly<Record<number, string>> = {
  400: 'Look at what was sent: the query, the headers and the body of the task.',
  401: 'The server wants to know who asks: name a `connection` whose secret it takes.',
  403: 'The secret of the connection does not allow this.',
  404: 'Look at `url`; where it is no error that nothing is there, write `expect: [2xx, 404]`.',
  407: 'The proxy wants to know who asks: name USER:PASSWORD by `--proxy-secret` of the connection.',
  405: 'The server takes another `method` there.',
  409: 'What is there already stands against it; where that is good, write `expect: [2xx, 409]`.',
  413: 'Send less at once.',
  422: 'The server understands the body and does not take it.',
  429: 'Run it less often, or with `concurrency`; `retries` try again later.',
};

function mendOf(status: number, location: string | undefined): string {
  const mend = MENDS[status];
  if (mend !== undefined) return mend;
  if (status >= 300 && status < 400) {
    const target = location === undefined ? null : URL.parse(location, 'http://nowhere');
    const where = target === null ? 'nowhere' : `${target.host}${target.pathname}`;
    return `It points to ${where}: too many redirects, or one that leads from https to http.`;
  }
  if (isPassing(status)) return 'With `retries` the task tries again.';
  return 'Where it is good, name it in `expect`.';
}

/**
 * Webhooks: one signed POST.
 *
 *   W1. It goes only to an address that was looked at, and that is public or allowed.
 *   W2. No redirect is followed: an answer of 3xx is a refusal that names where it pointed.
 *   W3. It ends within DELIVER_WITHIN_MS, whatever the receiver does, and no more of an answer is read than its status.
 *   W4. What is told of a failure holds nothing of the path and query, which may be secrets.
 */
import { createHmac } from 'node:crypto';
import { saidOf } from '@floe/errors';
import { AddressRefused, openExchange } from '@floe/http';
import { DELIVERED, refused, unavailable, type Outcome } from './outcome.ts';

export type Webhook = {
  readonly url: string;
  /** The key of the signature; unsigned without. */
  readonly secret: string | undefined;
  /** The same for each try of a message. */
  readonly idempotencyKey: string;
  readonly event: string;
  /** JSON. */
  readonly body: string;
};

export type WebhookOptions = {
  /** Hosts, as names or addresses, that may be internal. */
  readonly allowedHosts: readonly string[];
  readonly userAgent: string;
  readonly now: () => number;
  /** 10 s when absent. */
  readonly withinMs?: number;
};

// Receivers that work longer answer first and work then.
const DELIVER_WITHIN_MS = 10_000;

// Words for later: too early, too many, and what a server says while it restarts.
const LATER_STATUSES = new Set([408, 423, 425, 429]);

/** Tries once. Does not throw. */
export async function postWebhook(hook: Webhook, options: WebhookOptions): Promise<Outcome> {
  const url = URL.parse(hook.url);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    return refused('the address is no http or https address');
  }
  const { withinMs = DELIVER_WITHIN_MS } = options;
  const signal = AbortSignal.timeout(withinMs);
  try {
    return judge(url, await send(url, hook, { ...options, signal }));
  } catch (thrown) {
    if (thrown instanceof AddressRefused) return refused(internal(url));
    if (signal.aborted) {
      return unavailable(`${url.host} cannot be reached: no answer within ${withinMs} ms`);
    }
    const reason = saidOf(thrown);
    return unavailable(`${url.host} cannot be reached: ${reason}`);
  }
}

type Answer = { readonly status: number; readonly location: string | undefined };

function judge(url: URL, { status, location }: Answer): Outcome {
  if (status >= 200 && status < 300) return DELIVERED;
  if (status >= 300 && status < 400) {
    const target = location === undefined ? null : URL.parse(location, url);
    return refused(`${url.host} answered ${status}, to ${target?.host ?? 'nowhere'}: not followed`);
  }
  const problem = `${url.host} answered ${status}`;
  return status >= 500 || LATER_STATUSES.has(status) ? unavailable(problem) : refused(problem);
}

type SendOptions = WebhookOptions & { readonly signal: AbortSignal };

async function send(url: URL, hook: Webhook, options: SendOptions): Promise<Answer> {
  const headers = headersOf(hook, options);
  const response = await openExchange({ url, method: 'POST', headers, body: hook.body }, options);
  // W3
  response.destroy();
  return { status: response.statusCode ?? 0, location: response.headers.location };
}

function headersOf({ body, secret, idempotencyKey, event }: Webhook, options: SendOptions) {
  return {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'user-agent': options.userAgent,
    'idempotency-key': idempotencyKey,
    'floe-event': event,
    ...(secret !== undefined && {
      'floe-signature': signatureOf(body, { secret, at: options.now() }),
    }),
  };
}

/** `t=SECONDS,v1=HEX`: HMAC-SHA-256 of `SECONDS.BODY`. The time lets receivers refuse what somebody recorded. */
export function signatureOf(
  body: string,
  { secret, at }: { readonly secret: string; readonly at: number },
): string {
  const seconds = Math.floor(at / 1_000);
  const digest = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${digest}`;
}

function internal(url: URL): string {
  return `${url.host} is within the network of Floe; FLOE_WEBHOOK_HOSTS does not name it`;
}

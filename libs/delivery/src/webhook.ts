/**
 * Webhooks: one signed POST.
 *
 *   W1. It goes only to an address that was looked at: the name is resolved here, every address of it is checked, and the
 *       connection goes to one that was checked, so that a second answer of the name server changes nothing.
 *   W2. No redirect is followed: an answer of 3xx is a refusal that names where it pointed.
 *   W3. It ends within DELIVER_WITHIN_MS, whatever the receiver does, and no more of an answer is read than its status.
 *   W4. What is told of a failure holds nothing of the path and query, which may be secrets.
 */
import { createHmac } from 'node:crypto';
import { lookup as lookUp } from 'node:dns';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isInternalAddress } from './internal-address.ts';
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
  const isAllowed = options.allowedHosts.includes(hostOf(url));
  if (!isAllowed && isIP(hostOf(url)) !== 0 && isInternalAddress(hostOf(url))) {
    return refused(internal(url));
  }
  try {
    const answer = await send(url, hook, { ...options, isAllowed });
    return judge(url, answer);
  } catch (thrown) {
    if (thrown instanceof InternalAddress) return refused(internal(url));
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
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

type SendOptions = WebhookOptions & { readonly isAllowed: boolean };

function send(url: URL, hook: Webhook, options: SendOptions): Promise<Answer> {
  const { withinMs = DELIVER_WITHIN_MS } = options;
  const signal = AbortSignal.timeout(withinMs);
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method: 'POST',
      headers: headersOf(hook, options),
      // A connection is not kept: the next one is looked at again.
      agent: false,
      signal,
      ...(!options.isAllowed && { lookup: lookUpPublic }),
    });
    outgoing.on('response', (response: IncomingMessage) => {
      resolve({ status: response.statusCode ?? 0, location: response.headers.location });
      // W3
      response.destroy();
    });
    outgoing.on('error', (error) =>
      reject(signal.aborted ? new Error(`no answer within ${withinMs} ms`) : error),
    );
    outgoing.end(hook.body);
  });
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

class InternalAddress extends Error {}

/** W1: for one or all addresses, whichever Node asks for; one that is internal spoils the name. */
const lookUpPublic: LookupFunction = (hostname, options, callback) => {
  lookUp(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, []);
    if (addresses.length === 0 || addresses.some(({ address }) => isInternalAddress(address))) {
      return callback(new InternalAddress(hostname), []);
    }
    if (options.all === true) return callback(null, addresses);
    const [first] = addresses;
    callback(null, first!.address, first!.family);
  });
};

function internal(url: URL): string {
  return `${url.host} is within the network of Floe; FLOE_WEBHOOK_HOSTS does not name it`;
}

/** Without the brackets of an IPv6 address. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
}

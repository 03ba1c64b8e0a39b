/**
 * Who may send a request, and what of it the audit log keeps. One hook, before anything of the body is read.
 *
 *   G1. A request that a foreign page may have caused is refused before anybody is asked who they are.
 *   G2. Who names a wrong token too often gets 429 without a look at the token.
 *   G3. A request that changes something has its entry in the audit log before it goes on, also when it is refused for
 *       its scope; its result follows when the answer has been sent.
 */
import rateLimit from '@fastify/rate-limit';
import { FloeError } from '@floe/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ANYBODY } from '../access/caller.ts';
import type { Doorkeeper } from '../access/doorkeeper.ts';
import { levelOfScope } from '../access/level.ts';
import { scopeOfRoute } from '../access/request-access.ts';
import { requireLevel } from '../access/require-scope.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Deed } from '../audit/deed.ts';
import { objectOfPath, objectWithAnswer } from '../audit/name-object.ts';
import { RATE_KEYS_MAX, RATE_WINDOW_MS } from './limits.ts';
import type { RateLimits } from './limits.ts';
import { checkOrigin } from './origin.ts';
import type { HostPolicy } from './origin.ts';
import { authorizationOf } from './stream-holder.ts';

export type GuardOptions = {
  readonly doorkeeper: Doorkeeper;
  readonly audit: AuditLog;
  readonly hosts: HostPolicy;
  readonly rates: RateLimits;
  readonly traceIdOf: (request: FastifyRequest) => string;
};

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

type Counter = ReturnType<FastifyInstance['createRateLimit']>;
type Counters = { readonly requests: Counter; readonly failures: Counter };

export async function addGuard(app: FastifyInstance, options: GuardOptions): Promise<void> {
  await app.register(rateLimit, {
    global: false,
    timeWindow: RATE_WINDOW_MS,
    cache: RATE_KEYS_MAX,
  });
  const counters: Counters = {
    requests: app.createRateLimit({ max: options.rates.requestsMax, keyGenerator: callerKey }),
    failures: app.createRateLimit({
      max: options.rates.failuresMax,
      keyGenerator: ({ ip }) => `failures ${ip}`,
    }),
  };
  app.decorateRequest('caller');
  app.decorateRequest('deed', undefined);
  app.addHook('onRequest', async (request, reply) => {
    request.caller = ANYBODY;
    const { method, headers, ws: opensSocket } = request;
    const { host, origin } = headers;
    checkOrigin(options.hosts, { method, opensSocket, host, origin });
    const { url, config } = request.routeOptions;
    const scope = scopeOfRoute(url, config.scope);
    const level = levelOfScope(scope);
    if (level === 'public') return;
    await identify(request, reply, { doorkeeper: options.doorkeeper, counters });
    const operation = config.operation ?? `${method} ${url ?? ''}`;
    // What a reader may send besides asks for something; only its own views does it change.
    const changes = !READS.has(method) && (level !== 'read' || scope === 'views:write');
    if (changes) await openDeed(request, reply, operation, options);
    requireLevel(request.caller, level, operation);
  });
}

function callerKey({ caller, ip }: FastifyRequest): string {
  return caller.tokenId === '' ? `address ${ip}` : `token ${caller.tokenId}`;
}

async function identify(
  request: FastifyRequest,
  reply: FastifyReply,
  { doorkeeper, counters }: { readonly doorkeeper: Doorkeeper; readonly counters: Counters },
): Promise<void> {
  await requireRate(counters.failures, { request, reply, counts: false });
  try {
    request.caller = await doorkeeper.admit(authorizationOf(request), request.ip);
  } catch (thrown) {
    const isWrong = thrown instanceof FloeError && thrown.category === 'unauthenticated';
    if (isWrong) await counters.failures(request);
    throw thrown;
  }
  await requireRate(counters.requests, { request, reply, counts: true });
}

type Counted = {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** False only looks. */
  readonly counts: boolean;
};

async function requireRate(counter: Counter, { request, reply, counts }: Counted): Promise<void> {
  const count = await counter(request, { increment: counts });
  if (count.isAllowed || !count.isExceeded) return;
  void reply.header('retry-after', count.ttlInSeconds);
  const seconds = RATE_WINDOW_MS / 1_000;
  throw new FloeError('LIMIT_EXCEEDED', `more than ${count.max} requests in ${seconds} s`, {
    details: { max: String(count.max), retryAfterSeconds: String(count.ttlInSeconds) },
    hint: `Try again in ${count.ttlInSeconds} s, and send fewer at once.`,
  });
}

/** G3. */
async function openDeed(
  request: FastifyRequest,
  reply: FastifyReply,
  action: string,
  { audit, traceIdOf }: GuardOptions,
): Promise<void> {
  const object = objectOfPath(request.url.split('?')[0] ?? '');
  const auditId = await audit.begin({
    actor: request.caller.actor,
    tokenId: request.caller.tokenId,
    action,
    object,
    address: request.ip,
    traceId: traceIdOf(request),
  });
  const deed: Deed = { auditId, object, answer: undefined, errorCode: '' };
  request.deed = deed;
  if (auditId === undefined) return;
  reply.raw.once('close', () => {
    audit.end(auditId, {
      object: objectWithAnswer(object, deed.answer),
      status: reply.statusCode,
      errorCode: deed.errorCode,
    });
  });
}

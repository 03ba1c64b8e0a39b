import type { FloeError } from '@floe/errors';
import type { Log } from '@floe/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_TYPE, toProblem, toRefusal } from './problem.ts';
import { pathOf } from './request-spans.ts';
import { writeJson } from './write-json.ts';

export type Exchange = {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
};

const UNAUTHORIZED = 401;
const TOO_MANY = 429;
const UNAVAILABLE = 503;
// A killed service is back within a few seconds.
const RETRY_AFTER_SECONDS = 5;

/** Answers with what a caller may see of what was thrown. */
export function sendProblem(
  thrown: unknown,
  { request, reply, log }: Exchange & { readonly log: Log },
): FastifyReply {
  const { error, status } = toRefusal(thrown, log);
  return sendError(error, status, { request, reply });
}

export function sendError(
  error: FloeError,
  status: number,
  { request, reply }: Exchange,
): FastifyReply {
  if (request.deed !== undefined) request.deed.errorCode = error.code;
  if (status === UNAUTHORIZED) void reply.header('www-authenticate', challengeOf(error));
  const isTemporary = status === TOO_MANY || status === UNAVAILABLE;
  if (isTemporary && !reply.hasHeader('retry-after')) {
    void reply.header('retry-after', RETRY_AFTER_SECONDS);
  }
  const problem = toProblem(error, pathOf(request), status);
  return reply.status(status).type(PROBLEM_TYPE).send(writeJson(problem));
}

/** RFC 6750: without a token nothing is wrong yet. */
function challengeOf(error: FloeError): string {
  return error.code === 'TOKEN_MISSING'
    ? 'Bearer realm="floe"'
    : 'Bearer realm="floe", error="invalid_token"';
}

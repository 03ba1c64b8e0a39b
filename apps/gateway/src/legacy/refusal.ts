import { FloeError } from '@floe/errors';
import type { ErrorCategory } from '@floe/errors';
import type { FastifyReply } from 'fastify';
import type { Log } from '@floe/telemetry';
import { toRefusal } from '../http/problem.ts';

export const PERMISSION_DENIED = 'Permission Denied for Workflow Run';
export const FIELDS_MISSING = 'Please enter the field FOLDER ID, JOB ID AND WORKFLOW ID';

/** What a caller did wrong, in the words that he knows. */
export function refuse(detail: string): FloeError {
  return new FloeError('ARGUMENT_INVALID', detail);
}

// What is not the caller's fault keeps its status, so that he knows that the same may succeed later.
const OWN_STATUS: ReadonlySet<ErrorCategory> = new Set([
  'exhausted',
  'cancelled',
  'deadline',
  'unavailable',
  'internal',
]);
const BAD_REQUEST = 400;

/** Every error of the compatibility routes: `{"detail": text}`, with 400 where the caller is at fault. */
export function sendDetail(
  thrown: unknown,
  { reply, log }: { readonly reply: FastifyReply; readonly log: Log },
): FastifyReply {
  const { error, status } = toRefusal(thrown, log);
  const isDenied = error.category === 'forbidden' || error.category === 'unauthenticated';
  const detail = isDenied ? PERMISSION_DENIED : error.message;
  return reply.status(OWN_STATUS.has(error.category) ? status : BAD_REQUEST).send({ detail });
}

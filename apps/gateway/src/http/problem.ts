import { toFloeError } from '@floe/errors';
import { FloeError } from '@floe/errors';
import type { ErrorCategory } from '@floe/errors';
import type { Log } from '@floe/telemetry';

export const PROBLEM_TYPE = 'application/problem+json';

/** A problem document (RFC 9457) with Floe's own members. */
export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: string;
  readonly hint?: string;
  readonly details?: Readonly<Record<string, string>>;
  readonly violations?: FloeError['violations'];
};

/** The HTTP status of each category. 499 is nginx's "client closed request": nobody is left to read it. */
const STATUS_OF_CATEGORY: Readonly<Record<ErrorCategory, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  precondition: 409,
  exhausted: 429,
  cancelled: 499,
  deadline: 504,
  unimplemented: 501,
  unavailable: 503,
  internal: 500,
};

// What a caller has named in If-Match (RFC 9110, 13.1.1).
const PRECONDITION_FAILED = 412;

export function statusOf(error: FloeError): number {
  if (error.code === 'VERSION_CHANGED') return PRECONDITION_FAILED;
  return STATUS_OF_CATEGORY[error.category];
}

export function toProblem(error: FloeError, instance: string, status = statusOf(error)): Problem {
  return {
    type: `urn:floe:error:${error.code.toLowerCase()}`,
    title: titleOf(error.code),
    status,
    detail: error.message,
    instance,
    code: error.code,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(Object.keys(error.details).length === 0 ? {} : { details: error.details }),
    ...(error.violations.length === 0 ? {} : { violations: error.violations }),
  };
}

/** `RUN_NOT_FOUND` as people read it: "Run not found". */
function titleOf(code: string): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** An error that an answer may carry, with its status. */
export type Refusal = { readonly error: FloeError; readonly status: number };

/**
 * What a caller may see of what was thrown. A bug of the gateway shows an id only, under which the log has its text; a
 * bug of a service behind it comes with such an id already.
 */
export function toRefusal(thrown: unknown, log: Log): Refusal {
  const ofFramework = toFrameworkRefusal(thrown);
  if (ofFramework !== undefined) return ofFramework;
  const error = toFloeError(thrown);
  const isOurBug = error.category === 'internal' && error.details['errorId'] === undefined;
  if (!isOurBug) return { error, status: statusOf(error) };
  const errorId = crypto.randomUUID();
  log.error({ err: error, error_id: errorId }, 'a request failed by a bug');
  const visible = new FloeError(
    'INTERNAL',
    `the gateway failed by a bug of Floe, error ${errorId}`,
    {
      details: { errorId },
      hint: 'The log of the gateway has the error under this id.',
    },
  );
  return { error: visible, status: statusOf(visible) };
}

/** Fastify's own refusals, by the status that it gives them; its texts are for programmers. */
const FRAMEWORK_REFUSALS: Readonly<Record<number, () => FloeError>> = {
  400: () =>
    new FloeError('ARGUMENT_INVALID', 'the body of the request is no JSON object', {
      hint: 'Send a JSON object, or leave the body and its content type out.',
    }),
  408: () => new FloeError('DEADLINE_EXCEEDED', 'the request took too long to arrive'),
  413: () =>
    new FloeError('LIMIT_EXCEEDED', 'the body of the request is above 1 MiB', {
      hint: 'Split what you send; a workflow document is at most 1 MiB.',
    }),
  414: () =>
    new FloeError('LIMIT_EXCEEDED', 'a part of the path is longer than any name or id', {
      hint: 'Names have at most 63 characters, ids 36.',
    }),
  415: () =>
    new FloeError('ARGUMENT_INVALID', 'the body of the request has an unknown content type', {
      hint: 'Send application/json, or application/yaml for a workflow document.',
    }),
};

function toFrameworkRefusal(thrown: unknown): Refusal | undefined {
  if (!(thrown instanceof Error) || thrown instanceof FloeError) return undefined;
  const status: unknown = Reflect.get(thrown, 'statusCode');
  if (typeof status !== 'number') return undefined;
  const error = FRAMEWORK_REFUSALS[status]?.();
  return error === undefined ? undefined : { error, status };
}

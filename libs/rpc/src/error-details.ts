/**
 * FloeError as `google.rpc.Status` details, and back (AIP-193, https://google.aip.dev/193).
 *
 * ErrorInfo carries the code as reason and the details as metadata. Violations travel twice: as BadRequest for clients
 * that know the Google types only, and one `floe.v1.Problem` each, which keeps line, column and hint as fields.
 * Headers are limited to 8 KiB by common clients, so texts and their number are bounded here.
 */
import { isErrorCode } from '@floe/errors';
import type { ErrorCode, FloeError, Violation } from '@floe/errors';
import { Problem, ProblemSeverity } from './generated/floe/v1/workflow.ts';
import type { Any } from './generated/google/protobuf/any.ts';
import {
  BadRequest,
  ErrorInfo,
  PreconditionFailure,
  ResourceInfo,
  RetryInfo,
} from './generated/google/rpc/error_details.ts';
import { shorten } from './shorten.ts';

const DOMAIN = 'floe.dev';
const TYPE_PREFIX = 'type.googleapis.com/';
// The hint has no field of its own in ErrorInfo. AIP-193 keys are lower camel case, so this is no detail's name.
const HINT_KEY = 'floe.hint';
// How many violations are told was cut: the count of all of them.
const TOTAL_KEY = 'floe.violations';
// More than a person mends at a time; the size below is what cuts most often.
const VIOLATIONS_MAX = 20;
// In base64 this is 5.3 KiB, which leaves room for the message in 8 KiB of headers.
const DETAILS_BYTES_MAX = 4_000;
const TEXT_BYTES_MAX = 160;
const DETAILS_MAX = 8;
// When to try again: long enough for a restart, short enough for a person who waits.
const RETRY_DELAY_SECONDS = 1n;

/** What the details of a status say about the error; absent parts were not sent. */
export type ErrorFacts = {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, string>>;
  readonly violations: readonly Violation[];
  readonly hint: string | undefined;
};

/** As many violations as fit; the metadata tells how many there were when some did not. */
export function encodeDetails(error: FloeError): Any[] {
  let count = Math.min(error.violations.length, VIOLATIONS_MAX);
  let details = detailsWith(error, count);
  while (count > 0 && sizeOf(details) > DETAILS_BYTES_MAX) {
    count -= 1;
    details = detailsWith(error, count);
  }
  return details;
}

function detailsWith(error: FloeError, count: number): Any[] {
  return [
    pack('google.rpc.ErrorInfo', ErrorInfo.encode(errorInfo(error, count)).finish()),
    ...categoryDetails(error),
    ...violationDetails(error.violations.slice(0, count)),
  ];
}

function sizeOf(details: readonly Any[]): number {
  return details.reduce((sum, { typeUrl, value }) => sum + typeUrl.length + value.length, 0);
}

/** Reads what `encodeDetails` wrote; undefined when the details are not of a Floe service or malformed. */
export function decodeDetails(details: readonly Any[]): ErrorFacts | undefined {
  const infos = unpack(details, 'google.rpc.ErrorInfo').map((value) => ErrorInfo.decode(value));
  const info = infos.find((candidate) => candidate.domain === DOMAIN);
  if (info === undefined || !isErrorCode(info.reason)) return undefined;
  const { [HINT_KEY]: hint, ...rest } = info.metadata;
  const problems = unpack(details, 'floe.v1.Problem').map((value) => Problem.decode(value));
  return { code: info.reason, details: rest, violations: problems.map(toViolation), hint };
}

function errorInfo(error: FloeError, shownViolations: number): ErrorInfo {
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(error.details).slice(0, DETAILS_MAX)) {
    metadata[name] = brief(value);
  }
  if (error.hint !== undefined) metadata[HINT_KEY] = brief(error.hint);
  const total = error.violations.length;
  if (total > shownViolations) metadata[TOTAL_KEY] = String(total);
  return { reason: error.code, domain: DOMAIN, metadata };
}

function categoryDetails(error: FloeError): Any[] {
  const subject = brief(Object.values(error.details)[0] ?? '');
  const description = brief(error.message);
  switch (error.category) {
    case 'unavailable':
    case 'exhausted': {
      const retry = { retryDelay: { seconds: RETRY_DELAY_SECONDS, nanos: 0 } };
      return [pack('google.rpc.RetryInfo', RetryInfo.encode(retry).finish())];
    }
    case 'not_found': {
      const resourceType = error.code.replace('_NOT_FOUND', '').toLowerCase();
      const resource = { resourceType, resourceName: subject, owner: '', description };
      return [pack('google.rpc.ResourceInfo', ResourceInfo.encode(resource).finish())];
    }
    case 'precondition': {
      const failure = { violations: [{ type: error.code, subject, description }] };
      return [pack('google.rpc.PreconditionFailure', PreconditionFailure.encode(failure).finish())];
    }
    default:
      return [];
  }
}

function violationDetails(violations: readonly Violation[]): Any[] {
  if (violations.length === 0) return [];
  const fieldViolations = violations.map((violation) => ({
    field: brief(violation.field),
    description: describe(violation),
    reason: '',
    localizedMessage: undefined,
  }));
  const badRequest = BadRequest.encode({ fieldViolations }).finish();
  const problems = violations.map((violation) => Problem.encode(toProblem(violation)).finish());
  return [
    pack('google.rpc.BadRequest', badRequest),
    ...problems.map((problem) => pack('floe.v1.Problem', problem)),
  ];
}

function describe(violation: Violation): string {
  const place = violation.place;
  const where = place === undefined ? '' : `line ${place.line}, column ${place.column}: `;
  const hint = violation.hint === undefined ? '' : ` (${brief(violation.hint)})`;
  return `${where}${brief(violation.message)}${hint}`;
}

function toProblem(violation: Violation): Problem {
  return {
    severity: ProblemSeverity.ERROR,
    field: brief(violation.field),
    message: brief(violation.message),
    hint: brief(violation.hint ?? ''),
    line: violation.place?.line ?? 0,
    column: violation.place?.column ?? 0,
    length: violation.place?.length ?? 0,
  };
}

function toViolation(problem: Problem): Violation {
  const { field, message, hint, line, column, length } = problem;
  return {
    field,
    message,
    ...(hint === '' ? {} : { hint }),
    ...(line === 0 ? {} : { place: { line, column, length } }),
  };
}

function brief(text: string): string {
  return shorten(text, TEXT_BYTES_MAX);
}

function pack(type: string, value: Uint8Array): Any {
  return { typeUrl: `${TYPE_PREFIX}${type}`, value: Buffer.from(value) };
}

function unpack(details: readonly Any[], type: string): Uint8Array[] {
  const matching = details.filter((detail) => detail.typeUrl.endsWith(`/${type}`));
  return matching.map((detail) => detail.value);
}

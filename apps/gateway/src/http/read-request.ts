/**
 * A request as the values of its route's fields. What the route does not name is refused, not ignored: a misspelt
 * filter must not answer everything.
 */
import { FloeError, nearestName } from '@floe/errors';
import type { Violation } from '@floe/errors';
import type { Field, FieldValues, Route } from '../routes/route.ts';
import { readField } from './read-field.ts';

/** The parts of a request that fields come from. */
export type RequestParts = {
  readonly params: unknown;
  readonly query: unknown;
  readonly headers: unknown;
  /** Undefined without a body; text for a body of YAML. */
  readonly body: unknown;
};

/** Throws ARGUMENT_INVALID with a violation for each wrong, missing or unknown field. */
export function readRequest(route: Route, parts: RequestParts): FieldValues {
  const body = readBody(route, parts.body);
  const query = objectOf(parts.query);
  const sources: Record<Field['in'], Readonly<Record<string, unknown>>> = {
    path: objectOf(parts.params),
    query,
    header: objectOf(parts.headers),
    body,
  };
  const violations = [...findUnknown(route, 'query', query), ...findUnknown(route, 'body', body)];
  const values: Record<string, unknown> = {};
  for (const field of route.fields) {
    const raw = sources[field.in][field.name];
    // A header is only a second way to say what another field has said.
    const isSaid = field.in === 'header' && field.to in values;
    if (raw === undefined || raw === null || isSaid) {
      if (field.isRequired && raw == null) violations.push(missing(field));
      continue;
    }
    const reading = readField(field, raw);
    if ('problem' in reading) violations.push(wrong(field, reading.problem));
    else values[field.to] = reading.value;
  }
  if (violations.length > 0) throw invalid(violations);
  return values;
}

function readBody(route: Route, body: unknown): Readonly<Record<string, unknown>> {
  if (body === undefined || body === null) return {};
  if (typeof body === 'string' && route.yamlField !== undefined) return { [route.yamlField]: body };
  if (typeof body === 'object' && !Array.isArray(body)) return body as Record<string, unknown>;
  throw new FloeError('ARGUMENT_INVALID', 'the body of the request is no JSON object', {
    hint: `Send an object with the fields of ${route.name}; /api/openapi.json lists them.`,
  });
}

function findUnknown(
  route: Route,
  place: 'query' | 'body',
  given: Readonly<Record<string, unknown>>,
): Violation[] {
  const known = route.fields.filter((field) => field.in === place).map((field) => field.name);
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  return unknown.map((name) => {
    const nearest = nearestName(name, known);
    const message = place === 'query' ? 'is no query parameter here' : 'is no field here';
    return { field: name, message, ...(nearest && { hint: `did you mean ${nearest}?` }) };
  });
}

function missing(field: Field): Violation {
  return { field: field.name, message: 'is missing', hint: field.means };
}

function wrong(field: Field, problem: string): Violation {
  return { field: field.name, message: problem, hint: field.means };
}

function invalid(violations: readonly Violation[]): FloeError {
  const listed = violations.map(({ field, message }) => `${field} ${message}`).join('; ');
  return new FloeError('ARGUMENT_INVALID', `the request is wrong: ${listed}`, { violations });
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

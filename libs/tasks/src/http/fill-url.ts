/**
 * The address of a request.
 *
 *   U1. A value is a part of one step of the path, or of the query: it is encoded, so that it brings no slash, no `?`, no `#`
 *       and no server. A step that would become `..` is refused.
 *   U2. The server is the one of the document, or of the connection.
 */
import type { ParameterValue } from '@floe/expression';
import { addressBelow, type HttpEndpoint } from '@floe/http';
import { FloeError } from '@floe/errors';
import { parameterReference } from '@floe/workflow/references';
import { asItIs, fillText, type Parameters, wrongValue } from '../fill-text.ts';
import { isDots } from './http-fields.ts';

// What servers and what stands before them take.
const URL_LENGTH_MAX = 8_000;

export type QueryFields = Readonly<Record<string, unknown>>;

/** Errors: PARAMETER_INVALID. */
export function fillUrl(
  template: string,
  given: {
    readonly params: Parameters;
    readonly query: QueryFields;
    readonly endpoint: HttpEndpoint | undefined;
  },
): URL {
  const { params, query, endpoint } = given;
  const filled = fillText(template, params, encodeStep);
  const [path = ''] = filled.split('?', 1);
  if (path.split('/').some(isDots)) throw dots();
  const address = endpoint === undefined ? filled : addressBelow(endpoint.baseUrl, filled);
  const pairs = queryPairs(query, params);
  const joint = pairs.length === 0 ? '' : address.includes('?') ? '&' : '?';
  const whole = `${address}${joint}${pairs.join('&')}`;
  const url = whole.length > URL_LENGTH_MAX ? null : URL.parse(whole);
  // U2
  const expected = URL.parse(endpoint?.baseUrl ?? template.split(/[?]|\$\{\{/, 1)[0]!);
  if (url !== null && url.origin === expected?.origin) return url;
  throw new FloeError('PARAMETER_INVALID', 'the values make no address of the url', {
    details: { url: template },
    hint: `It may have ${URL_LENGTH_MAX} characters.`,
  });
}

/** U1. An empty step would be another address. */
function encodeStep(value: ParameterValue, name: string): string {
  const text = asItIs(value, name);
  if (text !== '' && text.isWellFormed()) return encodeURIComponent(text);
  throw wrongValue(name, 'is empty and stands in `url`', 'Give one, or put it into `query`.');
}

function dots(): FloeError {
  return new FloeError('PARAMETER_INVALID', 'a value makes a step of the path that leads up', {
    details: { field: 'url' },
    hint: 'It must not be `.` or `..`.',
  });
}

function queryPairs(query: QueryFields, params: Parameters): readonly string[] {
  return Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((each) => {
      const text = scalarText(each, params);
      return text === undefined ? [] : [`${encode(name)}=${encode(text)}`];
    }),
  );
}

/** A scalar of the document with its values; undefined when it is only a parameter that has none. */
export function scalarText(value: unknown, params: Parameters): string | undefined {
  if (typeof value !== 'string') return String(value as number | boolean);
  const only = parameterReference(value);
  const isAbsent = only !== undefined && (params[only]?.kind ?? 'null') === 'null';
  return isAbsent ? undefined : fillText(value, params);
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

import type { ParameterValue } from '@floe/expression';
import { parameterReference } from '@floe/workflow/references';
import { fillText, type Parameters, wrongValue } from '../fill-text.ts';
import { rawJson } from '../json-digits.ts';
import { scalarText } from './fill-url.ts';

export type Body = { readonly text: string; readonly contentType: string };

/** The body of a request; undefined when it has none. Errors: PARAMETER_INVALID. */
export function fillBody(
  config: Readonly<Record<string, unknown>>,
  params: Parameters,
): Body | undefined {
  const { json, body, form } = config;
  if (json !== undefined) {
    return { text: JSON.stringify(fillJson(json, params)), contentType: 'application/json' };
  }
  if (typeof body === 'string') {
    return { text: fillText(body, params), contentType: 'text/plain; charset=utf-8' };
  }
  if (typeof form !== 'object' || form === null) return undefined;
  return { text: fillForm(form, params), contentType: 'application/x-www-form-urlencoded' };
}

function fillForm(form: object, params: Parameters): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(form)) {
    const text = scalarText(value, params);
    if (text !== undefined) pairs.append(name, text);
  }
  return pairs.toString();
}

/** A text that is only a reference becomes the value as JSON has it; within other text it is text. */
function fillJson(value: unknown, params: Parameters): unknown {
  if (typeof value === 'string') {
    const name = parameterReference(value);
    return name === undefined ? fillText(value, params) : toJson(params[name], name);
  }
  if (Array.isArray(value)) return value.map((each) => fillJson(each, params));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, each]) => [name, fillJson(each, params)]);
  return Object.fromEntries(entries) as unknown;
}

// A number of JSON, as RFC 8259 writes it.
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

function toJson(value: ParameterValue | undefined, name: string): unknown {
  if (value === undefined || value.kind === 'null') return null;
  if (value.kind === 'boolean') return value.value === 'true';
  if (value.kind !== 'integer' && value.kind !== 'float') return value.value;
  // All of its digits, also beyond what a number of JavaScript holds.
  if (NUMBER.test(value.value)) return rawJson(value.value);
  throw wrongValue(
    name,
    `is ${value.value}, which JSON has no number for`,
    'Give a finite number.',
  );
}

/** What a workflow may be given, as its document says, and what a form makes of it. */
import type { JsonObject, JsonValue } from '@floe/client';

export type ParameterField = {
  readonly name: string;
  /** As in the document: string, integer, float, boolean, date or datetime. */
  readonly type: string;
  readonly description: string;
  /** As text; undefined where the caller has to give a value. */
  readonly fallback: string | undefined;
  /** It may be left out although it has no default. */
  readonly isOptional: boolean;
  readonly choices: readonly string[];
};

/** The parameters of a normalised document, in its order. */
export function parameterFields(document: JsonObject | undefined): readonly ParameterField[] {
  return fieldsOf(document?.['params']);
}

/** The fields of parameters, or of the form of an approval, which are described alike. */
export function fieldsOf(described: JsonValue | undefined): readonly ParameterField[] {
  return Object.entries(asObject(described)).map(([name, value]) => {
    const parameter = asObject(value);
    const { description, type, default: fallback } = parameter;
    const choices = parameter['enum'];
    return {
      name,
      type: typeof type === 'string' ? type : 'string',
      description: typeof description === 'string' ? description : '',
      fallback: fallback === undefined || fallback === null ? undefined : toText(fallback),
      isOptional: parameter['required'] === false,
      choices: Array.isArray(choices) ? choices.map(toText) : [],
    };
  });
}

function asObject(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : {};
}

/** A value of the normalised document is `{ kind, value }`; a null has no value. */
function toText(value: JsonValue): string {
  const inner = asObject(value)['value'] ?? (Object.hasOwn(asObject(value), 'kind') ? '' : value);
  return typeof inner === 'string' ? inner : JSON.stringify(inner);
}

export type FormValues = Readonly<Record<string, string>>;

export type ReadForm =
  | { readonly kind: 'read'; readonly parameters: JsonObject }
  | { readonly kind: 'wrong'; readonly problems: Readonly<Record<string, string>> };

/** The values of a filled form. A field that is left empty takes its default; the server checks all once more. */
export function readForm(fields: readonly ParameterField[], values: FormValues): ReadForm {
  const parameters: Record<string, JsonValue> = {};
  const problems: Record<string, string> = {};
  for (const field of fields) {
    const text = values[field.name] ?? '';
    if (text === '') {
      if (field.fallback === undefined && !field.isOptional) {
        problems[field.name] = 'It has no default: give a value.';
      }
      continue;
    }
    const value = readValue(field.type, text);
    if (value === undefined) problems[field.name] = `'${text}' is no ${field.type}.`;
    else parameters[field.name] = value;
  }
  return Object.keys(problems).length > 0
    ? { kind: 'wrong', problems }
    : { kind: 'read', parameters };
}

function readValue(type: string, text: string): JsonValue | undefined {
  switch (type) {
    case 'integer':
      // Beyond that a number of JSON is not exact; the server takes the text.
      if (!/^[+-]?\d+$/.test(text)) return undefined;
      return Number.isSafeInteger(Number(text)) ? Number(text) : text;
    case 'float':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    default:
      return text;
  }
}

/** The JSON Schema of the document cut down to what an editor offers: names, what they mean, and values to choose from. */
import type { JsonSchema } from '@floe/workflow';

export type Outline = {
  readonly note?: string;
  readonly values?: readonly string[];
  readonly fields?: Readonly<Record<string, Outline>>;
  /** Of members whose names the author chooses, and of the members of a list. */
  readonly each?: Outline;
  /** By the value of the field `type`. */
  readonly types?: Readonly<Record<string, Outline>>;
};

// Deeper than any field of the document; the schema has no circles that were followed by then.
const DEPTH_MAX = 6;

export function schemaOutline(schema: JsonSchema, depth = 0): Outline {
  if (depth > DEPTH_MAX) return {};
  const part = schema as Readonly<Record<string, unknown>>;
  const inner = (value: unknown) => schemaOutline(value as JsonSchema, depth + 1);
  const { description, properties, additionalProperties, items, enum: values } = part;
  const choices = [part['oneOf'], part['anyOf']].flatMap((list) =>
    Array.isArray(list) ? (list as readonly Readonly<Record<string, unknown>>[]) : [],
  );
  const each = isObject(additionalProperties) ? additionalProperties : items;
  return {
    ...(typeof description === 'string' && { note: description }),
    ...(Array.isArray(values) && { values: values.map(String) }),
    ...(isObject(properties) && {
      fields: Object.fromEntries(
        Object.entries(properties).map(([name, value]) => [name, inner(value)]),
      ),
    }),
    ...(isObject(each) && { each: inner(each) }),
    ...outlineOfChoices(choices, inner),
  };
}

function outlineOfChoices(
  choices: readonly Readonly<Record<string, unknown>>[],
  inner: (value: unknown) => Outline,
): Outline {
  const byType = choices.flatMap((choice) => {
    const type = typeName(choice);
    return type === undefined ? [] : [[type, inner(choice)] as const];
  });
  if (byType.length > 0) return { types: Object.fromEntries(byType) };
  // A short form and a long one: the long one has what can be offered.
  return Object.assign({}, ...choices.map(inner)) as Outline;
}

function typeName({ properties }: Readonly<Record<string, unknown>>): string | undefined {
  const type = isObject(properties) ? properties['type'] : undefined;
  const name = isObject(type) ? type['const'] : undefined;
  return typeof name === 'string' ? name : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

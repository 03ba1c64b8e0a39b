/** The JSON Schema of the document cut down to what an editor offers: names, what they mean, and values to choose from. */
import type { JsonObject } from '@floe/client';
import type { Outline } from './outline.ts';

// Deeper than any field of the document; the schema has no circles that were followed by then.
const DEPTH_MAX = 6;

export function schemaOutline(schema: JsonObject, depth = 0): Outline {
  if (depth > DEPTH_MAX) return {};
  const inner = (value: unknown) => schemaOutline(value as JsonObject, depth + 1);
  const { description, properties, additionalProperties, items, enum: values } = schema;
  const choices = [schema['oneOf'], schema['anyOf']].flatMap((list) =>
    Array.isArray(list) ? (list as readonly JsonObject[]) : [],
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
  choices: readonly JsonObject[],
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

function typeName({ properties }: JsonObject): string | undefined {
  const type = isObject(properties) ? properties['type'] : undefined;
  const name = isObject(type) ? type['const'] : undefined;
  return typeof name === 'string' ? name : undefined;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

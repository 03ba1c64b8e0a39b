import type { TaskField, TaskFields } from '@floe/client/tasks';
import { z } from 'zod';

/** The fields of a task type of a package, as a schema of the document. */
export function configOf(fields: TaskFields): z.ZodObject {
  const shape = Object.entries(fields).map(([name, field]) => {
    const value = valueOf(field);
    const schema = field.required === true ? value : value.optional();
    return [name, schema.describe(field.description)] as const;
  });
  return z.strictObject(Object.fromEntries(shape));
}

function valueOf({ type, choices }: TaskField): z.ZodType {
  switch (type) {
    case 'string':
      return choices === undefined ? z.string() : z.enum(choices);
    case 'integer':
      return z.int();
    case 'number':
      return z.number();
    case 'boolean':
      return z.boolean();
    case 'strings':
      return z.array(z.string());
  }
}

/** Names of the fields whose values may hold `${{ params.name }}`: of any text that is not one of a few, or a name. */
export function textFieldsOf(fields: TaskFields): readonly string[] {
  return namesOf(
    fields,
    ({ type, choices, connection }) =>
      (type === 'string' && choices === undefined && connection === undefined) ||
      type === 'strings',
  );
}

export function connectionFieldsOf(fields: TaskFields): readonly string[] {
  return namesOf(fields, ({ connection }) => connection !== undefined);
}

function namesOf(fields: TaskFields, isWanted: (field: TaskField) => boolean): readonly string[] {
  return Object.entries(fields).flatMap(([name, field]) => (isWanted(field) ? [name] : []));
}

import type { ColumnTypes, CustomTask, KnownTask, TaskFields } from '@floe/client/tasks';
import { FloeError, saidOf } from '@floe/errors';
import { DATA_TYPE_NAMES, formatDataType, parseDataType, type Schema } from '@floe/expression';

/** What the columns of a task follow from. */
export type KnownInputs = {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, Schema | undefined>>;
};

/**
 * The columns that the type says its dataset has; undefined when it makes none, or does not know them yet. Errors: EXPRESSION_INVALID when the rule
 * throws or names a type that is none.
 */
export function columnsOf(task: CustomTask, { fields, inputs }: KnownInputs): Schema | undefined {
  const { columns } = task;
  if (columns === undefined) return undefined;
  if (typeof columns !== 'function') return toSchema(task, columns);
  const columnsOfInputs = Object.entries(inputs).map(
    ([name, schema]) => [name, toColumns(schema)] as const,
  );
  const known = {
    fields: fields as KnownTask<TaskFields>['fields'],
    inputs: Object.fromEntries(columnsOfInputs),
  };
  return toSchema(task, ask(task, columns, known));
}

type Rule = Extract<NonNullable<CustomTask['columns']>, (...given: never[]) => unknown>;

function ask(task: CustomTask, rule: Rule, known: Parameters<Rule>[0]): ColumnTypes | undefined {
  try {
    return rule(known);
  } catch (thrown) {
    const said = saidOf(thrown);
    throw invalid(task, `its rule of columns says: ${said}`, thrown);
  }
}

function toColumns(schema: Schema | undefined): ColumnTypes | undefined {
  if (schema === undefined) return undefined;
  return Object.fromEntries(schema.map(({ name, type }) => [name, formatDataType(type)]));
}

function toSchema(task: CustomTask, columns: ColumnTypes | undefined): Schema | undefined {
  if (columns === undefined) return undefined;
  return Object.entries(columns).map(([name, text]) => {
    const type = typeof text === 'string' ? parseDataType(text) : undefined;
    if (type !== undefined) return { name, type };
    const known = DATA_TYPE_NAMES.slice(0, 5).join(', ');
    throw invalid(task, `its column ${name} has the type ${text}, which is none, as are ${known}`);
  });
}

function invalid({ type }: CustomTask, why: string, cause?: unknown): FloeError {
  return new FloeError('EXPRESSION_INVALID', `the columns of ${type} are not known: ${why}`, {
    details: { type },
    ...(cause !== undefined && { cause }),
    hint: 'The package of the type has to be mended.',
  });
}

/** The page of the document's fields, made of the same JSON Schema that editors use. */
import { TASK_TYPES } from '@floe/tasks';
import { documentSchema } from '@floe/workflow';

type Schema = {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
};

export function documentPage(notice: string): string {
  const document = documentSchema(TASK_TYPES) as Schema;
  const types = taskSchemas(document);
  const [first] = types;
  const shared = sharedFields(types);
  return `${notice}
# The document

A workflow is one document, YAML or JSON. Editors complete and check it by its JSON Schema
([examples/workflow.schema.json](../../examples/workflow.schema.json)); \`floe validate -f FILE\` says all that is wrong with
it, each with line and column.

## Of the workflow

${table(fieldsOf(document).filter(([name]) => rootOf(name) !== 'tasks'))}

## Of every task

${table(fieldsOf(first ?? {}).filter(([name]) => shared.has(rootOf(name)) && name !== 'type'))}

## Task types

${types.map((type) => taskSection(type, shared)).join('\n\n')}
`;
}

function taskSchemas(document: Schema): readonly Schema[] {
  const tasks = document.properties?.['tasks']?.additionalProperties;
  return typeof tasks === 'object' ? (tasks.oneOf ?? [tasks]) : [];
}

/** Fields that all types have alike. */
function sharedFields(types: readonly Schema[]): ReadonlySet<string> {
  const names = Object.keys(types[0]?.properties ?? {});
  return new Set(
    names.filter(
      (name) => name === 'type' || types.every((type) => name in (type.properties ?? {})),
    ),
  );
}

function taskSection(type: Schema, shared: ReadonlySet<string>): string {
  const own = fieldsOf(type).filter(([name]) => !shared.has(rootOf(name)));
  const { const: name, description = '' } = type.properties?.['type'] ?? {};
  const fields = own.length === 0 ? 'It has no fields of its own.' : table(own);
  return `### \`${String(name)}\`\n\n${description}\n\n${fields}`;
}

// A longer list of words is a page of its own.
const WORDS_SHOWN_MAX = 20;

type Field = readonly [name: string, schema: Schema, isRequired: boolean];

/** Fields in their order; those of blocks behind the field that holds them: `retries.max`, `rules[].unique`. */
function fieldsOf(block: Schema): readonly Field[] {
  return Object.entries(block.properties ?? {}).flatMap(([name, schema]): Field[] => {
    const isRequired = block.required?.includes(name) ?? false;
    const inner = innerBlocks(name, schema).flatMap(([prefix, inside]) =>
      fieldsOf(inside).map(([field, of, needed]): Field => [`${prefix}.${field}`, of, needed]),
    );
    return [[name, schema, isRequired], ...inner];
  });
}

function innerBlocks(name: string, schema: Schema): readonly (readonly [string, Schema])[] {
  const { items, additionalProperties: values } = schema;
  return [
    [name, schema],
    ...(items === undefined ? [] : [[`${name}[]`, items] as const]),
    ...(typeof values === 'object' ? [[`${name}.NAME`, values] as const] : []),
  ];
}

function rootOf(field: string): string {
  return field.split(/[.[]/, 1)[0]!;
}

function table(fields: readonly Field[]): string {
  const rows = fields.map(([name, schema, isRequired]) => {
    const means = (schema.description ?? '').replaceAll('|', '\\|').replaceAll('\n', ' ');
    return `| \`${name}\`${isRequired ? ' (required)' : ''} | ${kindOf(schema)} | ${means} |`;
  });
  return ['| field | value | means |', '|---|---|---|', ...rows].join('\n');
}

function kindOf(schema: Schema): string {
  if (schema.enum !== undefined && schema.enum.length > WORDS_SHOWN_MAX)
    return `one of ${schema.enum.length} words`;
  if (schema.enum !== undefined) return schema.enum.map((word) => `\`${String(word)}\``).join(' ');
  if (schema.items !== undefined) return `list of ${kindOf(schema.items)}`;
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return [...new Set(choices.map(kindOf))].join(' or ');
  if (schema.type === 'object') return schema.properties === undefined ? 'map' : 'block';
  const kinds = [schema.type ?? 'any'].flat();
  return kinds.map((kind) => (kind === 'string' ? 'text' : kind)).join(' or ');
}

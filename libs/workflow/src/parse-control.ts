import type { ConcurrencyFields, ForeachFields } from './control-fields.ts';
import type { TaskFields } from './document-schema-parts.ts';
import type { Findings } from './findings.ts';
import { DEFAULT_ITEM_ATTEMPTS } from './limits.ts';
import { readParameterValue } from './parameter-value.ts';
import type { Concurrency, Foreach, ParameterType, PresentValue, Task } from './workflow.ts';

/** When, how often and beside whom a task goes ahead. */
export type Control = Pick<Task, 'foreach' | 'partitions' | 'concurrency'>;

export function parseControl(
  findings: Findings,
  { name, fields }: { readonly name: string; readonly fields: TaskFields },
): Control {
  const foreach = fields.foreach && parseForeach(findings, name, fields.foreach);
  const concurrency = parseConcurrency(fields.concurrency, name);
  return {
    ...(foreach !== undefined && { foreach }),
    ...(fields.partitions !== undefined && { partitions: { count: fields.partitions } }),
    ...(concurrency !== undefined && { concurrency }),
  };
}

export function parseConcurrency(
  fields: ConcurrencyFields | undefined,
  name: string,
): Concurrency | undefined {
  if (fields === undefined) return undefined;
  const { key = name, limit = 1, on_conflict: onConflict = 'queue' } = fields;
  return { key, limit, onConflict };
}

function parseForeach(
  findings: Findings,
  name: string,
  fields: ForeachFields,
): Foreach | undefined {
  const type = fields.type ?? typeOfItems(fields.items ?? []);
  const source = sourceOf(findings, { name, fields, type });
  if (source === undefined) return undefined;
  const { chunk, parallel = DEFAULT_ITEM_ATTEMPTS } = fields;
  return { source, type, parallel, ...(chunk !== undefined && { chunk }) };
}

/** The narrowest type that fits all of them. */
function typeOfItems(items: readonly unknown[]): ParameterType {
  if (items.length === 0) return 'string';
  if (items.every((item) => typeof item === 'boolean')) return 'boolean';
  if (items.every((item) => typeof item === 'bigint' || Number.isInteger(item))) return 'integer';
  if (items.every((item) => typeof item === 'number' || typeof item === 'bigint')) return 'float';
  return 'string';
}

type SourceFields = {
  readonly name: string;
  readonly fields: ForeachFields;
  readonly type: ParameterType;
};

function sourceOf(
  findings: Findings,
  { name, fields, type }: SourceFields,
): Foreach['source'] | undefined {
  const path = ['tasks', name, 'foreach'];
  const { items, parameter, rows, column } = fields;
  const given = [items, parameter, rows].filter((each) => each !== undefined);
  if (given.length !== 1) {
    const hint = 'Write `items: [a, b]`, `parameter: name`, or `rows: task` with `column: name`.';
    findings.addAtKey(path, 'needs one of `items`, `parameter` and `rows`, and only one', hint);
    return undefined;
  }
  if ((rows === undefined) !== (column === undefined)) {
    const hint = 'Name the column whose values are the items, like `column: origin`.';
    findings.addAtKey(path, '`rows` and `column` belong together', hint);
    return undefined;
  }
  if (parameter !== undefined) return { from: 'parameter', name: parameter };
  if (rows !== undefined) return { from: 'rows', task: rows, column: column! };
  const values = (items ?? []).map((item, index) => {
    const reading = readParameterValue(type, type === 'string' ? String(item) : item);
    if (reading.kind === 'value') return reading.value;
    findings.add([...path, 'items', index], reading.message, { hint: reading.hint });
    return undefined;
  });
  return {
    from: 'list',
    values: values.filter((value): value is PresentValue => value !== undefined),
  };
}

import { nearestName } from '@floe/errors';
import { DATA_TYPE_NAMES, parseDataType, type Schema } from '@floe/expression';
import type { FieldPath } from './field-path.ts';
import type { Findings } from './findings.ts';
import { traitsOf, type TaskDefinition } from './task-definition.ts';

type ContractSource = {
  /** Of the task. */
  readonly path: FieldPath;
  readonly definition: TaskDefinition | undefined;
  readonly config: Readonly<Record<string, unknown>>;
  /** Type texts by column, as the document has them. */
  readonly columns: Readonly<Record<string, string>> | undefined;
};

/** The columns that a `contract` pins; a type that cannot be read is reported and left out. */
export function parseContract(
  findings: Findings,
  { path, definition, config, columns }: ContractSource,
): Schema | undefined {
  if (columns === undefined) return undefined;
  const contractPath = [...path, 'contract'];
  if (definition && traitsOf(definition, config).produces === 'nothing') {
    const hint = 'Pin the columns of the task that it reads.';
    findings.addAtKey(contractPath, `a ${definition.type} task has no output to pin`, hint);
    return undefined;
  }
  return Object.entries(columns).flatMap(([name, text]) => {
    const type = parseDataType(text);
    if (type !== undefined) return [{ name, type }];
    findings.add([...contractPath, name], `\`${text}\` is no type`, { hint: typeHint(text) });
    return [];
  });
}

function typeHint(text: string): string {
  const name = text.replace(/^pl\./, '');
  const near = nearestName(name, DATA_TYPE_NAMES);
  if (near !== undefined && near !== name) return `Did you mean \`${near}\`?`;
  return "Types are written as Polars prints them: Int64, Decimal(18, 2), Datetime('us', 'UTC').";
}

import { nearestName, type Violation } from '@floe/errors';
import { formatDataType, sameType, type Column, type Schema } from '@floe/expression';

/**
 * What keeps a dataset of this schema from being what its task's contract says; empty where one of the two is not
 * there. Fields are those of the task.
 */
export function checkContract(
  contract: Schema | undefined,
  schema: Schema | undefined,
): readonly Violation[] {
  if (contract === undefined || schema === undefined) return [];
  const found = new Map(schema.map((column) => [column.name, column]));
  const pinned = new Set(contract.map(({ name }) => name));
  return [
    ...contract.flatMap((column) => checkColumn(column, found)),
    ...schema.filter(({ name }) => !pinned.has(name)).map(unpinned),
  ];
}

function checkColumn(
  { name, type }: Column,
  found: ReadonlyMap<string, Column>,
): readonly Violation[] {
  const field = `contract.${name}`;
  const column = found.get(name);
  if (column === undefined) return [missing(name, found.keys())];
  if (sameType(type, column.type) || column.type.kind === 'unknown') return [];
  const [wanted, given] = [type, column.type].map(formatDataType);
  return [
    {
      field,
      message: `the contract says that "${name}" is ${wanted}, the task gives ${given}`,
      hint: 'Convert it with .cast(...), or change the contract.',
    },
  ];
}

function missing(name: string, given: Iterable<string>): Violation {
  const names = [...given];
  const near = nearestName(name, names);
  const known = `The task gives ${listNames(names)}.`;
  return {
    field: `contract.${name}`,
    message: `the contract has a column "${name}", which the task does not give`,
    hint: near === undefined ? known : `Did you mean "${near}"? ${known}`,
  };
}

function unpinned({ name, type }: Column): Violation {
  return {
    field: 'contract',
    message: `the task gives a column "${name}", which is not in its contract`,
    hint: `Leave it out of the task, or add \`${name}: ${formatDataType(type)}\`.`,
  };
}

// More names are not read.
const LISTED_COLUMNS_MAX = 30;

function listNames(names: readonly string[]): string {
  const rest = names.length - LISTED_COLUMNS_MAX;
  const listed = names.slice(0, LISTED_COLUMNS_MAX).join(', ');
  return rest > 0 ? `${listed} and ${rest} more` : listed;
}

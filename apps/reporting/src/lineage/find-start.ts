import { FloeError, nearestName } from '@floe/errors';
import { argumentInvalid, requireText } from '../arguments.ts';
import type { Deps } from '../deps.ts';
import { datasetNames, findDatasets, type DatasetRow } from '../store/read-lineage.ts';

// Candidates that are listed for an ambiguous name.
const CANDIDATES_MAX = 10;
// Enough to find a misspelt name; with more datasets some go without the help.
const NAMES_MAX = 2_000;

export type Start = { readonly dataset: DatasetRow; readonly column: string };

export type Question = { readonly dataset: string; readonly column: string };

/** The dataset and column that a question names. Throws LINEAGE_NOT_FOUND, ARGUMENT_INVALID. */
export async function findStart({ db }: Deps, question: Question): Promise<Start> {
  const name = requireText('dataset', question.dataset);
  const column = requireText('column', question.column);
  if (name === '') throw argumentInvalid('dataset', 'is missing', 'Write it as schema.table.');
  const whole = await findDatasets(db, name, CANDIDATES_MAX);
  if (whole.length > 0) return { dataset: onlyOne(name, whole), column };
  const dot = name.lastIndexOf('.');
  const [table, last] = [name.slice(0, Math.max(0, dot)), name.slice(dot + 1)];
  if (column === '' && table !== '' && last !== '') {
    const found = await findDatasets(db, table, CANDIDATES_MAX);
    if (found.length > 0) return { dataset: onlyOne(table, found), column: last };
  }
  const near = nearestName(name, await datasetNames(db, NAMES_MAX));
  throw new FloeError(
    'LINEAGE_NOT_FOUND',
    `no applied workflow reads or makes ${name.slice(0, 200)}`,
    {
      details: { dataset: name.slice(0, 200) },
      hint:
        near === undefined
          ? 'Write it as schema.table or schema.table.column.'
          : `Did you mean ${near}?`,
    },
  );
}

function onlyOne(name: string, rows: readonly DatasetRow[]): DatasetRow {
  const [first, ...others] = rows;
  if (first !== undefined && others.length === 0) return first;
  const hint = `Write one in full: ${rows.map(({ uri }) => uri).join(', ')}`;
  throw argumentInvalid('dataset', `names several: ${name}`, hint);
}

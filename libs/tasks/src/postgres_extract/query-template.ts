import type { SqlTemplate, SqlValue } from '@floe/database/target';
import { FloeError, nearestName } from '@floe/errors';
import type { ParameterValue } from '@floe/expression';
import { parameterOf, type Reference, referencesIn } from '@floe/workflow/references';
import { toSqlValue } from './sql-value.ts';

/**
 * Cuts a query at its `${{ params.x }}`, with the values that go there. Blanks and semicolons at the end go away, for
 * the query becomes part of a COPY. Errors: PARAMETER_INVALID; QUERY_FAILED.
 */
export function parseQuery(
  query: string,
  params: Readonly<Record<string, ParameterValue>>,
): SqlTemplate {
  const text = query.replace(/[\s;]+$/, '');
  if (text.includes('\0'))
    throw new FloeError('QUERY_FAILED', 'the statement holds the character NUL', {
      hint: 'take it out: PostgreSQL has no such character',
    });
  const template: SqlTemplate[number][] = [];
  let copied = 0;
  for (const reference of referencesIn(text)) {
    const source = text.slice(reference.start, reference.end);
    template.push({ kind: 'sql', sql: text.slice(copied, reference.start) });
    template.push({ kind: 'value', source, value: readValue(source, reference, params) });
    copied = reference.end;
  }
  template.push({ kind: 'sql', sql: text.slice(copied) });
  return template;
}

function readValue(
  source: string,
  reference: Reference,
  params: Readonly<Record<string, ParameterValue>>,
): SqlValue {
  const name = parameterOf(reference);
  if (name === undefined)
    throw new FloeError('PARAMETER_INVALID', `${source} in the query is no parameter`, {
      hint: 'write ${{ params.name }}',
    });
  const value = Object.hasOwn(params, name) ? params[name] : undefined;
  if (value !== undefined) return toSqlValue(name, value);
  const near = nearestName(name, Object.keys(params));
  throw new FloeError(
    'PARAMETER_INVALID',
    `the query uses parameter "${name}", which the run does not have`,
    {
      hint: near === undefined ? `declare "${name}" under params` : `did you mean "${near}"?`,
    },
  );
}

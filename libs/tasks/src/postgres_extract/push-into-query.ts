import { type ColumnOrigin, quoteIdentifier, type SqlTemplate } from '@floe/database/target';
import type { ParameterValue, RowCondition } from '@floe/expression';
import type { ExtractColumn, ExtractPolicy } from '@floe/frame/columns';
import type { PushDown } from '@floe/plan';
import type { Config } from '../config-fields.ts';
import { conjunction } from './condition-to-sql.ts';
import { PUSHED_FIELD } from './pushed-field.ts';

/** What apply found; everything in it is checked again where it is used. */
export function pushedOf(config: Config): PushDown | undefined {
  const pushed = config[PUSHED_FIELD];
  return typeof pushed === 'object' && pushed !== null ? (pushed as PushDown) : undefined;
}

export type PushFacts = {
  readonly push: PushDown;
  /** All columns of the query, and for each where it comes from. */
  readonly columns: readonly ExtractColumn[];
  readonly origins: readonly (ColumnOrigin | undefined)[];
  readonly policy: Pick<ExtractPolicy, 'unfit'>;
  readonly isUtf8: boolean;
  readonly params: Readonly<Record<string, ParameterValue>>;
};

/** The part of a query that is wanted, as far as SQL is proven to choose it as Polars does. */
export type WantedPart = {
  readonly columns: readonly ExtractColumn[];
  readonly where: SqlTemplate | undefined;
};

export function wantedPart(facts: PushFacts): WantedPart {
  const { push, columns, origins, policy } = facts;
  const types = new Map(
    columns.flatMap(({ column, cast }, index) =>
      cast === undefined && origins[index]?.isStored === true
        ? [[column.name, column.type] as const]
        : [],
    ),
  );
  const conditions = push.conditions.filter(
    (condition) => policy.unfit !== 'null' || !wantsNulls(condition),
  );
  return {
    columns: wantedColumns(columns, push.columns),
    where: conjunction(conditions, { ...facts, types }),
  };
}

/** Where values that do not fit become NULL on the way, SQL sees fewer nulls than Polars. */
function wantsNulls(condition: RowCondition): boolean {
  if (condition.kind === 'any') return condition.branches.flat().some(wantsNulls);
  return condition.kind === 'null' && condition.isNull;
}

/** A column that the query no longer gives was part of another table: then all are taken, and tasks say what they miss. */
function wantedColumns(
  columns: readonly ExtractColumn[],
  wanted: readonly string[] | undefined,
): readonly ExtractColumn[] {
  if (wanted === undefined) return columns;
  const names = new Set(wanted);
  const kept = columns.filter(({ column }) => names.has(column.name));
  return kept.length === names.size ? kept : columns;
}

/** The query that gives only what is wanted; the same one where everything is. */
export function pushIntoQuery(template: SqlTemplate, facts: PushFacts): SqlTemplate {
  const { columns, where } = wantedPart(facts);
  if (where === undefined && columns.length === facts.columns.length) return template;
  const names = columns.map(({ column }) => quoteIdentifier(column.name)).join(', ');
  return [
    { kind: 'sql', sql: `select ${names} from (` },
    ...template,
    // The line break ends a comment at the end of the query.
    { kind: 'sql', sql: '\n) as floe_source' },
    ...(where === undefined ? [] : [{ kind: 'sql', sql: ' where ' } as const, ...where]),
  ];
}

/** SQL as people read it: values stand as they are written, parameters by their names. */
export function sqlText(template: SqlTemplate): string {
  return template.map((part) => (part.kind === 'sql' ? part.sql : part.source)).join('');
}

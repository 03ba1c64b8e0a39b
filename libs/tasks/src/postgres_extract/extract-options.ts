import type { SqlTemplate } from '@floe/database/target';
import { FloeError } from '@floe/errors';
import type { ParameterValue } from '@floe/expression';
import type { ExtractPolicy } from '@floe/frame/columns';
import {
  type Config,
  choiceField,
  durationMsField,
  optionalNumberField,
  optionalStringField,
  stringField,
} from '../config-fields.ts';
import { leadingWords } from '../postgres_sql/statement-kind.ts';
import { parseQuery } from './query-template.ts';

export type ExtractOptions = {
  readonly connection: string;
  readonly template: SqlTemplate;
  readonly policy: ExtractPolicy;
  /** Connections that were asked for. */
  readonly parallel: number | undefined;
  readonly splitBy: string | undefined;
  /** 0 sets no limit. */
  readonly statementTimeoutMs: number;
};

/** They give rows, but not to a COPY, which would call them a syntax error. */
const NOT_FOR_COPY = new Set(['CALL', 'EXECUTE', 'EXPLAIN', 'FETCH', 'SHOW']);

function refuseOtherStatements(query: string): void {
  const [word = ''] = leadingWords(query, 1);
  if (!NOT_FOR_COPY.has(word)) return;
  throw new FloeError('QUERY_FAILED', `the query is a statement of ${word}`, {
    hint: 'an extract needs one select, values or table statement; settings are rows of pg_settings',
  });
}

/** Errors: ARGUMENT_INVALID, PARAMETER_INVALID, QUERY_FAILED. */
export function readExtractOptions(
  config: Config,
  params: Readonly<Record<string, ParameterValue>>,
): ExtractOptions {
  const query = stringField(config, 'query');
  refuseOtherStatements(query);
  return {
    connection: stringField(config, 'connection'),
    template: parseQuery(query, params),
    policy: {
      numeric: choiceField(config, 'numeric', ['decimal', 'float', 'text']),
      unfit: choiceField(config, 'unfit', ['fail', 'null', 'text']),
    },
    parallel: optionalNumberField(config, 'parallel'),
    splitBy: optionalStringField(config, 'split_by'),
    statementTimeoutMs: durationMsField(config, 'statement_timeout') ?? 0,
  };
}

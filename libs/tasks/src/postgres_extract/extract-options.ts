import type { SqlTemplate } from '@floe/database/target';
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

/** Errors: ARGUMENT_INVALID, PARAMETER_INVALID. */
export function readExtractOptions(
  config: Config,
  params: Readonly<Record<string, ParameterValue>>,
): ExtractOptions {
  return {
    connection: stringField(config, 'connection'),
    template: parseQuery(stringField(config, 'query'), params),
    policy: {
      numeric: choiceField(config, 'numeric', ['decimal', 'float', 'text']),
      unfit: choiceField(config, 'unfit', ['fail', 'null', 'text']),
    },
    parallel: optionalNumberField(config, 'parallel'),
    splitBy: optionalStringField(config, 'split_by'),
    statementTimeoutMs: durationMsField(config, 'statement_timeout') ?? 0,
  };
}

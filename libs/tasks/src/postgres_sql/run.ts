import { renderWithParameters, type TargetSession } from '@floe/database/target';
import { FloeError } from '@floe/errors';
import { ATTRIBUTE } from '@floe/telemetry/attributes';
import { commitOnce } from '../commit-once.ts';
import { stringField, stringListField } from '../config-fields.ts';
import { findConnection } from '../open-connection.ts';
import { parseQuery } from '../postgres_extract/query-template.ts';
import type { TaskContext, TaskResult } from '../runner.ts';
import { transactionWord } from './statement-kind.ts';

/**
 * Runs the statements in one transaction: all of them take effect or none, and once for a run.
 * Errors: QUERY_FAILED with the number of the statement; PARAMETER_INVALID; LOAD_FENCED.
 */
export async function runPostgresSql(context: TaskContext): Promise<TaskResult> {
  const name = stringField(context.config, 'connection');
  const statements = stringListField(context.config, 'statements');
  statements.forEach(refuseTransactionWord);
  const connection = await findConnection(context, name);
  const attributes = { [ATTRIBUTE.dbSystem]: 'postgresql', connection: name };
  return context.span('postgres.sql', attributes, (traceparent) =>
    commitOnce({ context, connection, traceparent }, (session) =>
      runStatements(session, statements, context),
    ),
  );
}

function refuseTransactionWord(sql: string, index: number): void {
  const word = transactionWord(sql);
  if (word === undefined) return;
  throw new FloeError('QUERY_FAILED', `statement ${index + 1} is ${word}`, {
    details: { statement: String(index + 1) },
    hint: 'Leave it out: the statements are one transaction already, committed with the task.',
  });
}

async function runStatements(
  session: TargetSession,
  statements: readonly string[],
  context: TaskContext,
): Promise<{ rows: number; bytes: number }> {
  let rows = 0;
  for (const [index, statement] of statements.entries()) {
    const template = parseQuery(statement, context.params);
    const values = template.flatMap((part) =>
      part.kind === 'value' && part.value.type !== 'null' ? [part.value.text] : [],
    );
    try {
      const affected = await session.execute(renderWithParameters(template).sql, values);
      rows += affected;
      context.log('info', `statement ${index + 1} of ${statements.length}: ${affected} rows`);
      context.progress({ rows });
    } catch (thrown) {
      throw atStatement(thrown, index, statements.length);
    }
  }
  return { rows, bytes: 0 };
}

function atStatement(thrown: unknown, index: number, count: number): unknown {
  if (!(thrown instanceof FloeError) || count === 1) return thrown;
  return new FloeError(thrown.code, `statement ${index + 1} of ${count}: ${thrown.message}`, {
    cause: thrown.cause,
    details: { ...thrown.details, statement: String(index + 1) },
    ...(thrown.hint !== undefined && { hint: thrown.hint }),
  });
}

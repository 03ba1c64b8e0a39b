/**
 * Asks the databases behind a workflow's connections about its tasks.
 *
 * It owns one session for each connection, for as long as the questions of one call last.
 *
 *   A1. All questions of a check share one deadline; what is not answered by then is a warning.
 *   A2. What a database says is wrong is a violation at its place; a database that says nothing is a warning.
 *   A3. Secrets and addresses with passwords leave no trace in findings.
 */
import { sqlStateOf, type TargetSession } from '@floe/database';
import { FloeError, toFloeError, type Violation } from '@floe/errors';
import { inDocument } from '@floe/plan';
import type { SourceMap, Task, Workflow } from '@floe/workflow';
import { CHECK_MS } from '../limits.ts';
import { openInTime } from '../secrets/open-in-time.ts';
import { targetAddress } from '../secrets/target-address.ts';
import type { ConnectionRow } from '../store/connections.ts';

export type Asking = {
  readonly workflow: Workflow;
  readonly source: SourceMap;
  /** Tasks whose own fields are wrong: nothing is asked about them. */
  readonly unclear: ReadonlySet<string>;
  readonly connections: ReadonlyMap<string, ConnectionRow>;
  readonly signal: AbortSignal;
};

export type Question = {
  readonly task: Task;
  readonly connection: ConnectionRow;
  /** The field of the task that an answer about the whole task belongs to. */
  readonly field: string;
  ask(session: TargetSession): Promise<void>;
};

export type Findings = {
  readonly violations: readonly Violation[];
  readonly warnings: readonly Violation[];
};

/** Asks all questions, those of one connection one after the other, connections beside each other. */
export async function askDatabases(
  asking: Asking,
  questions: readonly Question[],
): Promise<Findings> {
  const byConnection = Map.groupBy(questions, (question) => question.connection.name);
  const found = await Promise.all([...byConnection.values()].map((group) => askOne(asking, group)));
  return {
    violations: found.flatMap((findings) => findings.violations),
    warnings: found.flatMap((findings) => findings.warnings),
  };
}

async function askOne(asking: Asking, questions: readonly Question[]): Promise<Findings> {
  const { connection } = questions[0]!;
  try {
    await using session = await openInTime(await targetAddress(connection), {
      applicationName: 'floe:check',
      withinMs: CHECK_MS,
      signal: asking.signal,
    });
    return await askAll(asking, session, questions);
  } catch (thrown) {
    return { violations: [], warnings: [unanswered(connection, toFloeError(thrown))] };
  }
}

async function askAll(
  asking: Asking,
  session: TargetSession,
  questions: readonly Question[],
): Promise<Findings> {
  const violations: Violation[] = [];
  for (const question of questions) {
    try {
      await question.ask(session);
    } catch (thrown) {
      if (!isAnswer(thrown, asking.signal)) {
        return { violations, warnings: [unanswered(question.connection, toFloeError(thrown))] };
      }
      violations.push(
        ...inDocument(question.task.id, toViolations(thrown, question), asking.source),
      );
    }
  }
  return { violations, warnings: [] };
}

const QUERY_CANCELED = '57014';

/** A2: whether the database has found something wrong, rather than having failed to answer. */
function isAnswer(thrown: unknown, signal: AbortSignal): thrown is FloeError {
  if (!(thrown instanceof FloeError) || signal.aborted) return false;
  return thrown.category === 'invalid' && sqlStateOf(thrown) !== QUERY_CANCELED;
}

/** Fields of the task keep their places; columns of tables and queries have none in the document. */
function toViolations(error: FloeError, { field }: Question): readonly Violation[] {
  if (error.violations.length === 0) {
    return [
      { field, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) },
    ];
  }
  return error.violations.map(({ place, ...violation }) => ({
    ...violation,
    field,
    ...(place === undefined || violation.field !== field ? {} : { place }),
  }));
}

function unanswered({ name }: ConnectionRow, error: FloeError): Violation {
  return {
    field: `connections.${name}`,
    message: `could not be asked, so columns behind it are not checked: ${error.message}`,
    hint: error.hint ?? `Test it: floe connections test ${name}`,
  };
}

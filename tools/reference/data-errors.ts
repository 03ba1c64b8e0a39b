/** What brings each error about that a task can fail with which moves data, and what mends it. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE, isErrorCode, type ErrorCode } from '@floe/errors';

type Advice = { readonly cause: string; readonly mend: string };

const ADVICE: Readonly<Partial<Record<ErrorCode, Advice>>> = {
  CONNECTION_FAILED: {
    cause:
      'The server is down, restarts or has no connection left; host, port or database are wrong; a proxy or firewall cut the connection, or an administrator ended it.',
    mend: '`floe connections test NAME`. Where it comes and goes: `retries`. No connection left: a lower `parallel`, or `concurrency` on the tasks.',
  },
  CREDENTIALS_REFUSED: {
    cause: 'The user or the password of the connection is not one that the server takes.',
    mend: '`floe connections set` with the right user and `--secret env:NAME` or `--secret file:/path`.',
  },
  SECRET_UNAVAILABLE: {
    cause: 'The variable or file that a connection refers to is not there on the executor.',
    mend: 'Set it where the executors run; they read it each time they connect.',
  },
  CONNECTION_NOT_FOUND: {
    cause: 'No connection has the name that the task gives.',
    mend: '`floe connections list`, then `floe connections set`.',
  },
  QUERY_FAILED: {
    cause:
      'PostgreSQL refused a statement or broke it off; the SQLSTATE stands in brackets: 42501 is a missing right, 53100 a full disk, 55P03 a lock that somebody held for more than 30 s, 57014 a cancel or `statement_timeout`. Or a table changed after it was checked.',
    mend: 'What the hint says; it goes by the SQLSTATE. Where the cause passes by itself: `retries`.',
  },
  TABLE_NOT_FOUND: {
    cause:
      'A table is not in the database of the connection, or has a name like one and takes no rows.',
    mend: 'Names count as they are written: `Orders` is not `orders`. A load makes its table with `create: true`.',
  },
  COLUMN_MISMATCH: {
    cause:
      'Columns of rows and table do not fit by name or type, a table wants a value that no column brings, an upsert has no unique index on its `key`, a query gives one name twice, or files of one pattern differ.',
    mend: 'All misfits are told at once, each with the cast or name that mends it. `convert: true` lets PostgreSQL convert as an INSERT does.',
  },
  CONTRACT_BROKEN: {
    cause: 'The rows have other columns or types than the `contract` of the task pins.',
    mend: 'Mend the source, or change the contract and with it what reads the rows.',
  },
  TYPE_UNSUPPORTED: {
    cause: 'A column has a type that has no exact form in a dataset.',
    mend: 'Cast it in the query or the transform; the message names column and type.',
  },
  VALUE_INVALID: {
    cause:
      'One value has no place in its column: infinity in a date, NaN in a decimal, a number that is out of range, a text that is no UUID, a key that is NULL.',
    mend: 'The message names column and row. Extracts: `unfit: null` or `unfit: text`. Loads: filter or cast in a transform.',
  },
  CONSTRAINT_VIOLATED: {
    cause:
      'A row breaks a constraint of the table. The message has its number in the load and the values at stake.',
    mend: 'A `check` before the load stops such rows with all of them shown; `mode: upsert` is for keys that are there already.',
  },
  DUPLICATE_KEY: {
    cause: 'Two rows of one upsert have the same key: which of them should stay nobody has said.',
    mend: '`.unique(subset=[...], keep="last")` or a `group_by` in front.',
  },
  LOAD_FENCED: {
    cause:
      'A newer attempt has taken over this load, or its run is over. What this attempt wrote was rolled back.',
    mend: 'Nothing: the newer attempt decides. In a run that ended, `floe runs retry RUN`.',
  },
  LOAD_UNCERTAIN: {
    cause:
      'The executor fell silent in the middle of a load, and for 30 s nobody reached the target to see or stop it.',
    mend: 'Look at the row of the run and task in `floe_load.load_commit`: `done` has taken effect, all else has not and cannot any more once it is void.',
  },
  SNAPSHOT_GONE: {
    cause:
      'What holds the snapshot of `partitions` is gone: a session that was ended, a pooler, a replica.',
    mend: 'They begin again by themselves. Every time: connect to the server itself, or use `parallel`.',
  },
  TRANSFORM_FAILED: {
    cause:
      'Polars met a value that it could not compute with; the message has the line of the text or the number of the step.',
    mend: 'A strict cast: `strict=False`, or a filter in front. `floe runs artifacts RUN` has the rows before it.',
  },
  EXPRESSION_INVALID: {
    cause: 'The text is not Polars that Floe knows, or names a column that is not there.',
    mend: 'Line, column and the nearest name are told; [what is supported](polars-coverage.md).',
  },
  CHECK_FAILED: {
    cause: 'A rule of a `check` is broken. The rows went no further.',
    mend: '`floe runs artifacts RUN --show TASK`: the first 100 rows of each rule. `severity: warn` lets them pass.',
  },
  FILE_NOT_FOUND: {
    cause:
      'No file fits the path or pattern below `FLOE_FILES_DIR` of the executor, or the folder to write to is not there.',
    mend: 'Files that come late: `retries`. Several hosts: the same folder on each, or a `pool`.',
  },
  FILE_INVALID: {
    cause:
      'A file is not what its name, its format or `columns` say, or changed while partitions read it.',
    mend: '[File, line and column](../guides/broken-sources.md) are told where there are any.',
  },
  FILE_FORBIDDEN: {
    cause:
      'The path leads out of `FLOE_FILES_DIR`, perhaps by a link, or the executor has no such folder.',
    mend: 'Move the files, or set `FLOE_FILES_DIR` of the executors.',
  },
  FILE_NOT_WRITTEN: {
    cause:
      'The disk is full, the folder may not be written, or the file system fails. What was there before is untouched.',
    mend: 'Make room, or write elsewhere.',
  },
  DATASET_MISSING: {
    cause: 'Rows of an earlier task were collected, or their disk is gone.',
    mend: 'In a run that goes on the task before is [done again](../guides/results.md#rows-that-are-gone). Later: `floe runs retry RUN --from TASK`.',
  },
  DATASET_STORE_UNAVAILABLE: {
    cause:
      'The folder of datasets is full or may not be written, or the store of `FLOE_DATASET_STORE` does not answer.',
    mend: 'Make room, or keep datasets for a shorter time: `FLOE_DATASET_KEEP_HOURS`. `floe doctor` looks at the disk.',
  },
  MEMORY_EXCEEDED: {
    cause:
      'The worker used more than `memory` of the task, or than the machine has. Its neighbours go on.',
    mend: 'Fewer columns, a filter earlier, `partitions`, a larger `memory`, or fewer slots on the machine.',
  },
  WORKER_CRASHED: {
    cause:
      'The worker process ended: mostly a panic of Polars, whose words are in the log of the task.',
    mend: '`retries`: the next attempt has a new worker, and computes shared parts apart, which some panics are about.',
  },
  ATTEMPT_LOST: {
    cause:
      'The executor died or nobody heard of it for the length of a lease, more often than a task may be lost.',
    mend: 'Five losses are made up for without `retries`. Where it is always this task: does it take more memory than the machine has?',
  },
  ATTEMPT_TIMEOUT: {
    cause:
      'The attempt took longer than `timeout` of the task: 1 h where the document says nothing.',
    mend: 'A longer `timeout`; `floe runs get RUN` shows how far it came.',
  },
  PROGRESS_TIMEOUT: {
    cause: 'No rows moved for longer than `progress_timeout`.',
    mend: 'A query that sorts for long before its first row needs a longer one.',
  },
  QUEUE_TIMEOUT: {
    cause: 'No executor of the pool had a free slot in time.',
    mend: '`floe executors list`: is one there, with the pool and the labels of the task?',
  },
  PARAMETER_INVALID: {
    cause:
      'A `${{ params.x }}` is unknown, holds what its place cannot take, or stands in quotes or a comment.',
    mend: 'No quotes around it: values are bound, not pasted.',
  },
  ARGUMENT_INVALID: {
    cause: 'A field of the task cannot be what it is, like a `split_by` that names a text.',
    mend: 'The message names the field.',
  },
  LIMIT_EXCEEDED: {
    cause: 'A bound was reached, like 10,000 files for one pattern.',
    mend: 'The message names it.',
  },
  CANCELLED: {
    cause: 'The run was cancelled while the task worked. A load had not committed.',
    mend: '`floe runs retry RUN` takes it up from what was done.',
  },
  INTERNAL: {
    cause: 'A bug in Floe.',
    mend: 'Report the text of the error and the log of the task.',
  },
};

const FOLDERS = [
  'libs/frame/src',
  'libs/tasks/src',
  'libs/database/src/target',
  'libs/datasets/src',
];
// Told by other pages: those of HTTP, of packages of task types, and what stops an executor or an import.
const ELSEWHERE = /^(HTTP|TASK)_|^CONFIGURATION_INVALID$|^CONNECTOR_UNSUPPORTED$/;

/** The table of the page of errors. Throws for a code that a task can fail with and nothing is said of. */
export function dataErrors(root: string): string {
  const untold = codesIn(root).filter(
    (code) => ADVICE[code] === undefined && !ELSEWHERE.test(code),
  );
  if (untold.length > 0)
    throw new Error(`say in tools/reference/data-errors.ts what mends ${untold.join(', ')}`);
  return (Object.keys(CATALOGUE) as ErrorCode[])
    .flatMap((code) => {
      const advice = ADVICE[code];
      return advice === undefined ? [] : [`| \`${code}\` | ${advice.cause} | ${advice.mend} |`];
    })
    .join('\n');
}

function codesIn(root: string): readonly ErrorCode[] {
  const paths = FOLDERS.flatMap((cwd) =>
    globSync('**/*.ts', { cwd: join(root, cwd) }).map((path) => join(root, cwd, path)),
  );
  const words = paths
    .filter((path) => !path.endsWith('.test.ts'))
    .flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/'([A-Z]+(?:_[A-Z]+)*)'/g)]);
  return [...new Set(words.map(([, word]) => word!).filter(isErrorCode))];
}

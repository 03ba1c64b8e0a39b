import { findWatermark, fullName, type Watermark } from './choose-table.ts';
import type { SeenTable } from './look-at-tables.ts';

export type Wanted = {
  readonly table: SeenTable;
  /** What workflows call the database. */
  readonly connection: string;
  /** Where the rows go: `schema.table`. */
  readonly into: string;
  readonly name: string;
};

/** The text of a first workflow: what is new since a time goes into a table of its own, by key. */
export function writeDocument({ table, connection, into, name }: Wanted): string {
  const watermark = findWatermark(table);
  const task = taskName(table.table);
  return `# Written by floe init from a look at ${fullName(table)}. It is yours: change what you like, then
#   floe validate -f ${name}.yaml
#   floe run ${name}.yaml
name: ${name}
description: ${yamlText(describe(table, into, watermark))}
${watermark === undefined ? '' : parameterLines(watermark)}
defaults:
  retries: { max: 3, delay: 30s, backoff: 2 }
  timeout: 1h

tasks:
  ${task}:
    type: postgres_extract
    description: ${yamlText(watermark === undefined ? 'All rows.' : 'What is new since then.')}
    connection: ${connection}
    query: |
${queryLines(table, watermark)}

  ready:
    type: expression_transform
    description: The place for what has to become of the rows; Polars as written in Python.
    inputs: [${task}]
    polars: |
      ${task}

  store:
    type: postgres_load
    inputs: [ready]
    connection: ${connection}
    table: ${yamlText(into)}
    # The table is made if there is none. The load takes effect once for a run, however often it is tried.
    create: true
${modeLines(table)}
${watermark === undefined ? '' : scheduleLines(watermark)}`;
}

function describe(table: SeenTable, into: string, watermark: Watermark | undefined): string {
  const what = watermark === undefined ? 'the rows' : 'what is new';
  return `Brings ${what} of ${fullName(table)} into ${into}.`;
}

function parameterLines({ column, kind }: Watermark): string {
  const first = kind === 'date' ? '1970-01-01' : '1970-01-01T00:00:00Z';
  return `
params:
  since:
    type: ${kind}
    default: ${first}
    description: ${yamlText(`Rows whose ${column.name} is then or later.`)}
`;
}

const INDENT = '      ';

function queryLines(
  { schema, table, columns }: SeenTable,
  watermark: Watermark | undefined,
): string {
  const names = columns.map(({ quoted }) => quoted).join(', ');
  return [
    ...wrapped(`select ${names}`),
    `${INDENT}from ${sqlName(schema)}.${sqlName(table)}`,
    ...(watermark === undefined
      ? []
      : [`${INDENT}where ${watermark.column.quoted} >= \${{ params.since }}`]),
  ].join('\n');
}

// Lines of the document stay short enough for two windows beside each other.
const LINE_WIDTH = 100;

function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = INDENT;
  for (const word of text.split(/(?<=,) /)) {
    if (line.length > INDENT.length && line.length + word.length > LINE_WIDTH) {
      lines.push(line.trimEnd());
      line = `${INDENT}  `;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}

/** As it is where SQL reads it so, else in quotes. Words of SQL are in quotes, too: those that are none lose nothing. */
function sqlName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !SQL_WORDS.has(name)
    ? name
    : `"${name.replaceAll('"', '""')}"`;
}

const SQL_WORDS: ReadonlySet<string> = new Set(
  (
    'all analyse analyze and any array as asc asymmetric authorization between binary both case cast check collate ' +
    'collation column concurrently constraint create cross current_catalog current_date current_role current_schema ' +
    'current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch for ' +
    'foreign freeze from full grant group having ilike in initially inner intersect into is isnull join lateral leading ' +
    'left like limit localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing ' +
    'primary references returning right select session_user similar some symmetric system_user table tablesample then ' +
    'to trailing true union unique user using variadic verbose when where window with'
  ).split(' '),
);

function modeLines({ key }: SeenTable): string {
  if (key.length === 0)
    return '    # No key tells the rows apart, so every run writes all of them anew.\n    mode: replace';
  return `    mode: upsert\n    key: [${key.map(yamlText).join(', ')}]`;
}

/** Paused, so that applying the document starts nothing by itself. */
function scheduleLines({ kind }: Watermark): string {
  const slot = kind === 'date' ? 'slot.previous_date' : 'slot.previous_time';
  return `
schedules:
  - name: nightly
    cron: "15 2 * * *"
    timezone: UTC
    # Begin with: floe schedules resume
    paused: true
    parameters:
      since: \${{ ${slot} }}
`;
}

/** A name of a task, as it stands in Polars text, too. */
export function taskName(table: string): string {
  const name = table
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 50);
  return /^[a-z]/.test(name) && !TAKEN.has(name) ? name : `rows_${name}`.replace(/_$/, '');
}

// Names of the other tasks, and words that mean something in Polars text.
const TAKEN: ReadonlySet<string> = new Set(
  (
    'ready store pl cs date datetime dt timedelta and as assert async await break class continue def del elif else ' +
    'except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
);

/** A name of a workflow. */
export function workflowName(table: string): string {
  return taskName(table).replaceAll('_', '-');
}

/** Bare where YAML takes the text for a text, else in double quotes, whose escapes are those of JSON. */
function yamlText(text: string): string {
  const isPlain =
    /^[A-Za-z][A-Za-z0-9_. -]*$/.test(text) &&
    !/ $|^(?:y|n|yes|no|on|off|true|false|null)$/i.test(text);
  return isPlain ? text : JSON.stringify(text);
}

import { EXPRESSIONS, NAMESPACES } from '../catalogue/catalogue.ts';
import { DIFFERENCES, OTHER_DIFFERENCES } from '../catalogue/differences.ts';
import { FRAME_METHODS } from '../catalogue/frames.ts';
import type { Entry } from '../catalogue/signature.ts';
import { FRAME_REWRITES } from '../bind/rewrite-frame.ts';
import { SELECTOR_NAMES } from '../bind/bind-selector-function.ts';
import { MAX_LIST_ITEMS, MAX_NESTING, MAX_TEXT_BYTES } from '../limits.ts';
import { signatureText } from './signature-text.ts';

/** The page of the language, made from the catalogue that the parser itself reads. */
export function expressionsPage(): string {
  return `# Expressions

\`expression_transform\` takes Polars as people write it in Python. The text is parsed and never evaluated; no Python runs.
Its inputs go by the names of their tasks, and the last line is the frame that the task gives:

\`\`\`yaml
polars: |
  limit = 15
  late = flights.filter(pl.col("delay") > limit)
  late.group_by("origin").agg(
      pl.len().alias("late_flights"),
      pl.col("delay").mean().round(1).alias("mean_delay"),
  ).sort("late_flights", descending=True)
\`\`\`

- A line is \`name = frame\` or \`name = value\`; a value is an expression, a literal, a list or a type, and is written out where
  its name stands. Imports of \`polars\`, \`polars.selectors\` and \`datetime\` may stay: they are there already.
- Operators have Python's precedence: \`**\`, then signs, then \`* / // %\`, then \`+ -\`, then \`&\`, \`^\`, \`|\`, then comparisons. \`&\` and
  \`|\` bind tighter than comparisons, so that each side stands in parentheses. Chained comparisons are refused: use \`is_between\`.
- Names are those of py-polars; \`camelCase\` does as well. \`late=pl.col("delay")\` names an output, \`filter(origin="OSL")\` compares.
- The same can be written as single operations under \`steps\`, or as a query under \`sql\`: see [sql.md](sql.md).
- \`\${{ params.x }}\` stands for a value of the run, with its type. It is bound, never pasted, and does not go inside of quotes.
- A text has at most ${MAX_TEXT_BYTES / 1024} KiB, ${MAX_NESTING} levels of brackets and ${MAX_LIST_ITEMS.toLocaleString('en')} members in a list.
- Columns, types and names are checked when the workflow is applied. What is refused is named with its line, its column and the
  nearest thing that works. [polars-coverage.md](polars-coverage.md) lists every name of py-polars.

## Differences from py-polars

| what | why |
|---|---|
${differences().join('\n')}

## Frames

| method | |
|---|---|
${FRAME_METHODS.map(({ name, summary, parameters }) => `| \`${name}(${signatureText(parameters)})\` | ${cell(summary)} |`).join('\n')}
${Object.entries(FRAME_REWRITES)
  .map(([name, meaning]) => `| \`${name}\` | The same as \`${cell(meaning)}\`. |`)
  .join('\n')}

Groups have \`agg\`, \`all\`, \`count\`, \`first\`, \`having\`, \`head\`, \`last\`, \`len\`, \`max\`, \`mean\`, \`median\`, \`min\`, \`n_unique\`, \`quantile\`,
\`sum\` and \`tail\`. \`pivot\` needs \`on_columns\`: columns that only the data knows cannot be checked before the run.

## Selectors

\`pl.col\`, \`pl.all\`, \`pl.exclude\`, \`pl.nth\`, \`pl.first\`, \`pl.last\`, names that are patterns (\`"^delay_.*$"\`), and of \`cs\`:
${SELECTOR_NAMES.map((name) => `\`${name}\``).join(', ')}. They combine with \`|\`, \`&\`, \`-\`, \`^\` and \`~\`.
${SECTIONS.map(([title, isIn]) => section(title, EXPRESSIONS.filter(isIn))).join('')}`;
}

function differences(): readonly string[] {
  const pairs = [...DIFFERENCES.map(({ what, why }) => [what, why] as const), ...OTHER_DIFFERENCES];
  return pairs.map(([what, why]) => `| ${cell(what)} | ${cell(why)} |`);
}

const spaceOf = ({ name }: Entry): string =>
  name.includes('.') ? name.slice(0, name.indexOf('.')) : '';

const SECTIONS: readonly (readonly [string, (entry: Entry) => boolean])[] = [
  ['Functions of `pl`', (entry) => spaceOf(entry) === 'pl'],
  ['Methods of expressions', (entry) => spaceOf(entry) === ''],
  ...[...NAMESPACES].map(
    (space) => [`\`.${space}\``, (entry: Entry) => spaceOf(entry) === space] as const,
  ),
];

/** How an expression's rows come out, in a word. */
const SHAPES: Readonly<Record<Entry['shape'], string>> = {
  elementwise: 'each row',
  aggregate: 'one value',
  window: 'each row, from others',
  resize: 'other rows',
};

function section(title: string, entries: readonly Entry[]): string {
  const rows = entries.map((entry) => {
    const { name, parameters, summary, shape, lineage, rewrittenAs } = entry;
    const short = name.slice(name.indexOf('.') + 1);
    const note = rewrittenAs === undefined ? '' : ` Runs as ${rewrittenAs}.`;
    return `| \`${short}(${signatureText(parameters)})\` | ${cell(summary + note)} | ${SHAPES[shape]} | ${lineage} |`;
  });
  return `
## ${title}

| | | gives | lineage |
|---|---|---|---|
${rows.join('\n')}
`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

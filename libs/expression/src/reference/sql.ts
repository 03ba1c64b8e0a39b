import { MAX_NESTING, MAX_TEXT_BYTES } from '../limits.ts';
import {
  SPECIAL_FUNCTIONS,
  SQL_FUNCTIONS,
  UNFOLLOWED_FUNCTIONS,
  type FunctionGroup,
} from '../sql/translate/functions.ts';

/** The page of SQL in transforms, made from the table by which it is translated. */
export function sqlPage(): string {
  return `# SQL in transforms

\`sql\` of an \`expression_transform\` is one SELECT of Polars' SQL. The inputs are tables under the names of their tasks:

\`\`\`yaml
sql: |
  SELECT f.origin, a.country, COUNT(*) AS flights, AVG(f.delay) AS mean_delay
  FROM flights f
  LEFT JOIN airports a ON f.origin = a.code
  WHERE f.day >= '2024-01-01' AND f.delay > \${{ params.limit }}
  GROUP BY f.origin, a.country
  ORDER BY mean_delay DESC
\`\`\`

Where the columns of the inputs are known, a query becomes the tree that the same Polars has: names, types, lineage,
push-down into extracts and what runs come from it. \`floe explain\` shows it clause by clause. Names and types of the
result are those that Polars' own SQL gives.

- SELECT [DISTINCT [ON (...)]] with \`*\` and \`t.*\` [EXCLUDE, EXCEPT, ILIKE, REPLACE, RENAME], FROM with joins (inner, left,
  right, full, cross, semi, anti, natural; ON, USING) and commas, WHERE, GROUP BY (columns, names, places, ALL), HAVING, WINDOW,
  QUALIFY, ORDER BY (columns, places, ALL, NULLS FIRST and LAST), LIMIT, OFFSET, FETCH; WITH, queries in FROM, UNION [ALL]
  [BY NAME], INTERSECT, EXCEPT.
- Operators: \`+ - * / // % ||\`, comparisons, \`<=>\`, IS [NOT] NULL, TRUE, FALSE, DISTINCT FROM, BETWEEN, IN, LIKE, ILIKE, RLIKE, \`~ ~*\`,
  CASE, CAST, TRY_CAST, \`::\`, \`-> ->>\`, \`l[1]\`. \`/\` divides exactly, \`//\` rounds down.
- IN (SELECT ...) and EXISTS (SELECT ...) stand in WHERE, joined by AND to the other conditions.
- Text beside a date or a time is one: \`day >= '2024-01-31'\`. \`day + INTERVAL '1 month'\` moves it.
- A column of the right table whose name the left one has, too, comes as \`name:table\` from \`*\`, and is \`table.name\` in the query.
- \`\${{ params.x }}\` stands for a value of the run. It is bound, never pasted, and does not go inside of quotes.
- A text has at most ${MAX_TEXT_BYTES / 1024} KiB and ${MAX_NESTING} levels of brackets.

What is wrong is refused when the workflow is applied, with line and column, the nearest good name and the columns at that
point. A query that no tree says (\`ARRAY[...]\`, UNNEST, VALUES, a join in brackets, LIKE with ESCAPE, \`ANY\` and \`ALL\`, a comparison other
than \`=\` in an outer join; ${[...UNFOLLOWED_FUNCTIONS].map((name) => `\`${name.toUpperCase()}\``).join(', ')}) runs in Polars' own SQL as it stands. Its columns have no types before
it runs, and its lineage is that of whole tables: \`floe explain\` says so, and names the place.

## Differences from Polars' own SQL

| what | why |
|---|---|
| ORDER BY can name an aggregation of the select list: \`ORDER BY COUNT(*)\` | Polars computes it again over the groups |
| A query of one aggregation is a value in WHERE: \`x > (SELECT AVG(x) FROM t)\` | Polars' SQL has no queries as values |
| ORDER BY behind UNION names columns of the first part | Polars looks for them in each part |
| GROUP BY takes columns of one name from several tables | Polars confuses their names |
| INTERSECT and EXCEPT keep their meaning within each other | Polars gives the inner one that of the outer |
| SUBSTR(s, x) with a computed start gives the text | Polars gives the number |

## Functions
${GROUPS.map(([group, title]) => section(group, title)).join('')}`;
}

const GROUPS: readonly (readonly [FunctionGroup, string])[] = [
  ['aggregates', 'Aggregates'],
  ['windows', 'Windows'],
  ['conditions', 'Conditions'],
  ['numbers', 'Numbers'],
  ['texts', 'Texts'],
  ['times', 'Dates and times'],
  ['lists', 'Lists'],
];

/** How the special ones read, where no template says it. */
const SPECIAL_FORMS: Readonly<Record<string, string>> = {
  count: '`pl.len()`, `_1.count()`; with DISTINCT the number of different values',
  array_agg: '`_1.implode()`, with DISTINCT, ORDER BY and LIMIT within the brackets',
  string_agg: 'the texts of a group with a separator, with DISTINCT and ORDER BY',
  listagg: 'as STRING_AGG',
  group_concat: 'as STRING_AGG',
  substr: '`_1.str.slice(_2 - 1, _3)`',
  substring: '`_1.str.slice(_2 - 1, _3)`; also SUBSTRING(s FROM 2 FOR 3)',
  split_part: 'the part at a place, from 1',
  date_part: 'DATE_PART(part, d) and EXTRACT(part FROM d)',
  array_get: '`_1.list.get(_2 - 1, null_on_oob=True)`; also `l[1]`',
  row_number: 'the number of the row in its window',
  rank: '`_1.rank("min")` over the ORDER BY of its window',
  dense_rank: '`_1.rank("dense")` over the ORDER BY of its window',
  lag: '`_1.shift(_2)`',
  lead: '`_1.shift(-_2)`',
  last_value: 'the value of the row itself',
};

function section(group: FunctionGroup, title: string): string {
  const templated = [...SQL_FUNCTIONS].filter(([, entry]) => entry.group === group);
  const special = Object.entries(SPECIAL_FUNCTIONS).filter(([, of]) => of === group);
  const rows = [
    ...templated.map(
      ([name, { templates }]) =>
        [
          name,
          Object.values(templates)
            .map((each) => `\`${each}\``)
            .join(', '),
        ] as const,
    ),
    ...special.map(([name]) => [name, SPECIAL_FORMS[name] ?? ''] as const),
  ].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const lines = rows.map(([name, form]) => `| \`${name.toUpperCase()}\` | ${cell(form)} |`);
  return `
### ${title}

| | in Polars |
|---|---|
${lines.join('\n')}
`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

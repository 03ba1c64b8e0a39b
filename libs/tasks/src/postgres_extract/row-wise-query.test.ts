import { expect, test } from 'vitest';
import { parseRowWiseQuery } from './row-wise-query.ts';

test.each([
  ['select * from t', 'select * from t\nwhere X'],
  ['SELECT a, "from" FROM s."T t" AS x', 'SELECT a, "from" FROM s."T t" AS x\nwhere X'],
  [
    "select a from t where b = 'x; from' or c -- last",
    "select a from t where ( b = 'x; from' or c -- last\n) and X",
  ],
  ['select extract(year from d) from t', 'select extract(year from d) from t\nwhere X'],
  [
    'select /* a /* nested */ from */ a from t',
    'select /* a /* nested */ from */ a from t\nwhere X',
  ],
  ['select $q$ group by $q$ from t', 'select $q$ group by $q$ from t\nwhere X'],
])('the rows of %j can be restricted', (query, restricted) => {
  expect(parseRowWiseQuery(query)?.restrict('X')).toBe(restricted);
});

test.each([
  'select distinct a from t',
  'select a from t, u',
  'select a from t join u on true',
  'select a from t order by a',
  'select a from t where b limit 1',
  'select a from t group by a',
  'select a from t union select 1',
  'select a from (select 1) x',
  'select (select 1) from t',
  'select a from t where exists (select 1)',
  'select a from f(1)',
  'select a from only t',
  'select a from t for update',
  'select sum(a) over () from t',
  'select current_date from t',
  "select 'now'::timestamptz from t",
  'with x as (select 1) select * from x',
  'select a is distinct from b from t',
  'select 1',
  'values (1)',
  'select a from t where b = "open',
  'select a from t /* open',
])('%j is left as it is', (query) => {
  expect(parseRowWiseQuery(query)).toBeUndefined();
});

test('functions are named, the words of the language are not', () => {
  const query =
    'select coalesce(Lower(a), "Odd"(b)), cast(c as int) from t where a in (1) and f (2)';
  expect(parseRowWiseQuery(query)?.functions).toEqual(['lower', 'Odd', 'f']);
});

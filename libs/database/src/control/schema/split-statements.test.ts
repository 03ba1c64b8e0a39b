import { expect, test } from 'vitest';
import { splitStatements } from './split-statements.ts';

test('splits at semicolons, but not within texts, names, bodies and comments', () => {
  const body = '$$ begin; end $$';
  const text = `-- one; two
    select ';', ";"; /* ; */
    create function f() as ${body};
    create function g() as $x$ select ';' $x$; select $1 - 2`;
  expect(splitStatements(text)).toEqual([
    `select ';', ";"`,
    `create function f() as ${body}`,
    "create function g() as $x$ select ';' $x$",
    'select $1 - 2',
  ]);
});

test('a text without a statement has none', () => {
  expect(splitStatements('-- nothing\n;;')).toEqual([]);
});

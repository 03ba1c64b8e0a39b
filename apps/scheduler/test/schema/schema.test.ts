/** What the migrations make of an empty database, as a whole. */
import { join } from 'node:path';
import { migrate, openTarget, type TargetSession } from '@floe/database';
import { startTestPostgres, type TestPostgres } from '@floe/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderRowTypes, type CatalogueColumn } from './render-row-types.ts';

const ROW_TYPES = join(
  import.meta.dirname,
  '../../../../libs/database/src/control/generated/tables.ts',
);

let postgres: TestPostgres;
let session: TargetSession;

beforeAll(async () => {
  postgres = await startTestPostgres();
  await migrate(await postgres.createDatabase('schema'));
  const { host, port, user, password } = postgres;
  const address = { host, port, user, password, database: 'schema' };
  session = await openTarget(address, { applicationName: 'test', statementTimeoutMs: 10_000 });
});

afterAll(async () => {
  await session?.[Symbol.asyncDispose]();
  await postgres?.stop();
});

// Partitions are no tables of their own for anybody; how far migrations are is not the matter of services' stores.
const TABLES = `select oid, relname, relacl, relowner from pg_class
  where relnamespace = 'floe'::regnamespace and relkind in ('r', 'p') and not relispartition
    and relname not in ('migration', 'history_table', 'history_partition')`;

test('the row types are those of the schema; `npm run -s row-types` makes them anew', async () => {
  const columns = await session.query<CatalogueColumn>(
    `select t.relname::text as table, a.attname::text as column, format_type(a.atttypid, a.atttypmod) as type,
       not a.attnotnull as "isNullable", a.atthasdef or a.attidentity <> '' as "hasDefault"
     from (${TABLES}) t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
     order by t.relname, a.attnum`,
  );
  await expect(renderRowTypes(columns)).toMatchFileSnapshot(ROW_TYPES);
});

// Which of the replaced service's tables stand is found out, and noted, by the migration alone.
test('every table has one role that writes it', async () => {
  const rows = await session.query<{ table: string; roles: string[] }>(
    `select t.relname::text as table, array_agg(distinct g.grantee::regrole::text order by g.grantee::regrole::text)
       filter (where g.privilege_type <> 'SELECT') as roles
     from (${TABLES} and relname <> 'old_table') t left join lateral (select * from aclexplode(t.relacl) where grantee <> t.relowner) g on true
     group by 1 order by 1`,
  );
  expect(rows.filter(({ roles }) => roles?.length !== 1)).toEqual([]);
  expect(new Set(rows.flatMap(({ roles }) => roles))).toEqual(
    new Set(['floe_gateway', 'floe_metadata', 'floe_scheduler']),
  );
});

test('nobody but the owner has rights on a partition, and public has none on anything', async () => {
  const rights = await session.query(
    `select c.relname::text, g.grantee::regrole::text, g.privilege_type
     from pg_class c, aclexplode(c.relacl) g
     where c.relnamespace = 'floe'::regnamespace
       and (g.grantee = 0 or (c.relispartition and g.grantee <> c.relowner))`,
  );
  expect(rights).toEqual([]);
  const functions = await session.query<{ proname: string }>(
    `select p.proname::text from pg_proc p
     where p.pronamespace = 'floe'::regnamespace and p.prosecdef
       and has_function_privilege('floe_reporting', p.oid, 'execute')`,
  );
  expect(functions).toEqual([]);
});

test('every foreign key of a partition goes to the same partition', async () => {
  const strays = await session.query(
    `select c.conrelid::regclass::text as child, c.confrelid::regclass::text as parent
     from pg_constraint c join pg_class child on child.oid = c.conrelid join pg_class parent on parent.oid = c.confrelid
     where c.contype = 'f' and (child.relispartition or parent.relispartition)
       and regexp_replace(child.relname, '^.*_', '') <> regexp_replace(parent.relname, '^.*_', '')`,
  );
  expect(strays).toEqual([]);
});

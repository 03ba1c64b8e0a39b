import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accountsOf, mergeAccounts, type Account } from '../src/merge-accounts.ts';

const account = (source: Account['source'], run: object, nodes: readonly object[] = []): Account =>
  ({ source, checksum: source, run, nodes, document: { from: source } }) as unknown as Account;

test('a field is that of the first source that says something (G3)', () => {
  const { run } = mergeAccounts([
    account('prefect', {
      workflow_name: 'p',
      job_name: 'p',
      folder_name: 'p',
      flow_parameters: {},
    }),
    account('jobRun', {
      workflow_name: 'j',
      job_name: 'j',
      folder_name: '',
      flow_parameters: { a: 1 },
    }),
    account('workflow_run_stats', { workflow_name: 't', job_name: null, flow_parameters: {} }),
  ]);
  expect(run).toMatchObject({
    source: 'workflow_run_stats',
    workflow_name: 't',
    job_name: 'j',
    folder_name: 'p',
    flow_parameters: { a: 1 },
  });
});

test.each([
  ['Running', null, 'Failed', 'b', 'Failed', 'b'],
  ['Completed', 'a', 'Failed', 'b', 'Completed', 'a'],
  ['Completed', null, 'Failed', 'b', 'Completed', null],
  ['Started', null, 'Running', null, 'Started', null],
])('how it ended is the word of one source: %s %s and %s %s is %s %s (G4)', (...words) => {
  const [status, end, otherStatus, otherEnd, expected, expectedEnd] = words;
  const { run } = mergeAccounts([
    account('jobRun', { run_status: otherStatus, end_timestamp: otherEnd }),
    account('workflow_run_stats', { run_status: status, end_timestamp: end }),
  ]);
  expect(run).toMatchObject({ run_status: expected, end_timestamp: expectedEnd });
});

test('of tries the most are true (G5), and no rows are a number of rows', () => {
  const { run, nodes } = mergeAccounts([
    account('jobRun', { retry_count: 2, max_retries: 0 }, [{ node_id: 'a', target_rows: '7' }]),
    account('workflow_run_stats', { retry_count: 0, max_retries: 3 }, [
      { node_id: 'a', target_rows: '0' },
    ]),
  ]);
  expect(run).toMatchObject({ retry_count: 2, max_retries: 3 });
  expect(nodes).toMatchObject([{ target_rows: '0' }]);
});

const said = fc.option(fc.constantFrom('', 'x', 'y'), { nil: null });
const node = fc.record({
  node_id: fc.constantFrom('a', 'b', 'c'),
  node_name: said,
  node_status: said,
  node_end_timestamp: said,
});
const told = fc.record({
  run: fc.record({
    workflow_name: said,
    run_by: said,
    run_status: fc.constantFrom('Started', 'Running', 'Completed', 'Failed', 'Stopped'),
    end_timestamp: said,
    retry_count: fc.nat(3),
  }),
  nodes: fc.uniqueArray(node, { selector: ({ node_id: id }) => id }),
});

test('the same accounts make the same run in every order (G1), and each is kept as it was (G2)', () => {
  fc.assert(
    fc.property(told, told, told, (one, two, three) => {
      const accounts = [
        account('jobRun', one.run, one.nodes),
        account('workflow_run_stats', two.run, two.nodes),
        account('prefect', three.run, three.nodes),
      ];
      const [a, b, c] = accounts as [Account, Account, Account];
      const merged = mergeAccounts(accounts);
      for (const order of [
        [a, c, b],
        [b, a, c],
        [b, c, a],
        [c, a, b],
        [c, b, a],
      ])
        expect(mergeAccounts(order)).toEqual(merged);
      // As when the third source comes later: of what is stored.
      const stored = accountsOf(mergeAccounts([a, b]).run['document']);
      expect(mergeAccounts([...stored, c])).toEqual(merged);
      expect(new Set(accountsOf(merged.run['document']))).toEqual(new Set(accounts));
      const ids = accounts.flatMap(({ nodes }) => nodes.map(({ node_id: id }) => id));
      expect(new Set(merged.nodes.map(({ node_id: id }) => id))).toEqual(new Set(ids));
    }),
  );
});

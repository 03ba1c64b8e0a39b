/**
 * Documents of chance through validate and apply. It hunts failures of the service instead of errors of the document, errors
 * that do not say where they are, and documents of which the two say different things.
 */
import { FloeError } from '@floe/errors';
import { ConnectionKind, type Problem, ProblemSeverity } from '@floe/rpc/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { hostileDocument } from './hostile-documents.ts';
import { type MetadataFixture, startFixture } from './metadata-fixture.ts';

/** A few hundred documents are asked about, each with questions to a database. */
vi.setConfig({ testTimeout: 120_000 });

let fixture: MetadataFixture;

beforeAll(async () => {
  fixture = await startFixture();
  await fixture.query('create table cities (city text primary key, n int)', 'users');
  await fixture.query('create table upper (city text primary key, m int)', 'users');
  await fixture.setConnection('base');
  const api = { kind: ConnectionKind.HTTP, host: '', port: 0, database: '', username: '' };
  await fixture.setConnection('api', { ...api, baseUrl: 'https://api.example.com' });
});
afterAll(() => fixture.stop());

const isError = ({ severity }: Problem) => severity === ProblemSeverity.ERROR;

/** What is wrong with how a document was answered; nothing when it was answered well. */
async function faultsOf(source: string): Promise<readonly string[]> {
  const { valid, problems } = await fixture.metadata.validateWorkflow({ source });
  const outcome = await fixture.metadata.applyWorkflow({ source, validateOnly: false }).then(
    ({ version }) => version?.workflowName ?? '',
    (thrown: unknown) => thrown,
  );
  if (typeof outcome === 'string') {
    // What was stored can be read.
    await fixture.metadata.getWorkflow({ name: outcome, version: 0 });
    return valid ? [] : ['it was applied, and is said to be wrong'];
  }
  if (!(outcome instanceof FloeError)) return [`it failed with ${String(outcome)}`];
  if (valid) return [`it is said to be good, and apply says ${outcome.message}`];
  if (outcome.code === 'DOCUMENT_TOO_LARGE') return [];
  if (outcome.code !== 'DOCUMENT_INVALID') return [`it failed with ${outcome.code}`];
  const nowhere = outcome.violations.filter(({ place }) => place === undefined);
  const lost = problems.filter((problem) => isError(problem) && problem.line === 0);
  return [...nowhere, ...lost].map(({ field, message }) => `${field} ${message} has no place`);
}

test('a document is stored, or refused with places', async () => {
  await fc.assert(
    fc.asyncProperty(hostileDocument, async (source) => {
      expect(await faultsOf(source)).toEqual([]);
    }),
    { numRuns: 80, seed: 20_261_127 },
  );
});

test.each([
  ['a rule of a check', 'type: check, inputs: [file], rules: [{ not_null: [idd] }]'],
  ['a task that reads itself', 'type: expression_transform, inputs: [it], polars: it.head(1)'],
  ['a key that is no text', 'type: http, url: "https://a.example", query: { "\\u0000": a }'],
  ['a task that waits for itself', 'type: noop, needs: [it]'],
])('what is wrong with %s says where', async (_, fields) => {
  const source = `name: w
tasks:
  file: { type: file_extract, path: a.csv, columns: [{ id: Int64 }] }
  it: { ${fields} }
`;
  const { valid } = await fixture.metadata.validateWorkflow({ source });
  expect(valid).toBe(false);
  expect(await faultsOf(source)).toEqual([]);
});

test.each(['', 'x'])('a long text after %j is cut in no letter of two halves', async (before) => {
  expect(await faultsOf(`${before}${'🦆'.repeat(200)}`)).toEqual([]);
});

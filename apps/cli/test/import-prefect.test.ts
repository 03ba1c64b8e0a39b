import { expect, test } from 'vitest';
import { runCommandLine } from '../src/command-line.ts';
import { createRecordingTerminal } from './recording-terminal.ts';

async function importPrefect(url: string, ...words: string[]) {
  const terminal = createRecordingTerminal();
  const all = ['import', 'prefect', url, '--dry-run', '--json', ...words];
  const code = await runCommandLine(all, { terminal, env: {} });
  return { code, document: JSON.parse(terminal.stdout()) as Record<string, unknown> };
}

test('an address that is none, one with a password, and a server that is not there are told', async () => {
  const none = await importPrefect('prefect');
  expect(none).toMatchObject({ code: 2, document: { error: { code: 'ARGUMENT_INVALID' } } });
  const secret = await importPrefect('http://me:hunter2@127.0.0.1:1/api');
  expect(secret.code).toBe(2);
  expect(JSON.stringify(secret)).not.toContain('hunter2');
  const gone = await importPrefect('http://127.0.0.1:1/api');
  expect(gone).toMatchObject({ code: 4, document: { error: { code: 'SERVICE_UNAVAILABLE' } } });
});

const LIVE = process.env['FLOE_TEST_PREFECT_URL'] ?? '';
test.skipIf(LIVE === '')(
  'a real Prefect 3 tells its deployments and runs (skipped: FLOE_TEST_PREFECT_URL names none)',
  async () => {
    const { code, document } = await importPrefect(LIVE);
    expect(code).toBe(0);
    expect(document['version']).toMatch(/^3\./);
    expect(document['deployments']).not.toEqual([]);
    expect(document['runs']).toMatchObject({ read: expect.any(Number) as number });
  },
);

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { root } from './run-step.ts';
import { tallyReports } from './test-results.ts';

function aCase(fullName: string, status: string, ...failureMessages: string[]) {
  return { fullName, status, failureMessages };
}

function tallyOf(...testResults: object[]) {
  const folder = mkdtempSync(join(tmpdir(), 'floe-tally-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const report = { numPassedTests: 2, numFailedTests: 1, testResults };
  writeFileSync(join(folder, 'lib.json'), JSON.stringify(report));
  return tallyReports(folder);
}

test('names what failed, and what passed only when it was run again', () => {
  const assertionResults = [
    aCase('adds', 'passed'),
    aCase('waits', 'passed', 'Error: too late\n    at wait.ts:3'),
    aCase('divides', 'failed', 'AssertionError: expected 1 to be 2\n    at divide.ts:7'),
  ];
  const file = { name: join(root, 'libs/sum/src/sum.test.ts'), status: 'failed', assertionResults };
  expect(tallyOf(file)).toEqual({
    passed: 2,
    failed: 1,
    failures: ['libs/sum/src/sum.test.ts > divides: AssertionError: expected 1 to be 2'],
    secondTries: ['libs/sum/src/sum.test.ts > waits: Error: too late'],
  });
});

test('a file that cannot be loaded is a failure of its own', () => {
  const file = {
    name: join(root, 'libs/sum/src/sum.test.ts'),
    status: 'failed',
    message: "SyntaxError: Unexpected token '}'",
    assertionResults: [],
  };
  expect(tallyOf(file)).toMatchObject({
    failed: 2,
    failures: ["libs/sum/src/sum.test.ts: SyntaxError: Unexpected token '}'"],
  });
});

import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './run-step.ts';

/**
 * How many test cases passed and failed. `failures` names those that failed, with the first line of why; `secondTries`
 * those that failed once and passed when they were run again, with why they failed.
 */
export type Tally = {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly string[];
  readonly secondTries: readonly string[];
};

type TestFile = {
  readonly name: string;
  readonly status: string;
  readonly message?: string;
  readonly assertionResults: readonly TestCase[];
};

type TestCase = {
  readonly status: string;
  readonly fullName: string;
  readonly failureMessages: readonly string[];
};

type Report = {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly TestFile[];
};

/** Counts the tests in the JSON reports of a folder. A file that could not even be loaded counts as one failure. */
export function tallyReports(folder: string): Tally {
  let [passed, failed] = [0, 0];
  const failures: string[] = [];
  const secondTries: string[] = [];
  for (const name of reportFiles(folder)) {
    const report = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Report;
    passed += report.numPassedTests;
    failed += report.numFailedTests + report.testResults.filter(isUnloaded).length;
    failures.push(...report.testResults.flatMap(failuresOfFile));
    secondTries.push(...report.testResults.flatMap(secondTriesOfFile));
  }
  return { passed, failed, failures, secondTries };
}

function reportFiles(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.json'));
}

function isUnloaded(file: TestFile): boolean {
  return file.status === 'failed' && file.assertionResults.length === 0;
}

function failuresOfFile(file: TestFile): string[] {
  if (isUnloaded(file)) return [`${relative(root, file.name)}: ${firstLine(file.message)}`];
  return file.assertionResults
    .filter(({ status }) => status === 'failed')
    .map((test) => describe(file, test));
}

/** A test that passed at its second try keeps the message of the first. */
function secondTriesOfFile(file: TestFile): string[] {
  return file.assertionResults
    .filter(({ status, failureMessages }) => status === 'passed' && failureMessages.length > 0)
    .map((test) => describe(file, test));
}

function describe(file: TestFile, test: TestCase): string {
  return `${relative(root, file.name)} > ${test.fullName}: ${firstLine(test.failureMessages[0])}`;
}

function firstLine(text = 'no message'): string {
  return text.split('\n', 1)[0]!;
}

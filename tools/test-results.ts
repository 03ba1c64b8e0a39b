import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export type Tally = { readonly passed: number; readonly failed: number };

type Report = {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly unknown[];
  }[];
};

/** Counts the tests in the JSON reports of a folder. A file that could not even be loaded counts as one failure. */
export function tallyReports(folder: string): Tally {
  let [passed, failed] = [0, 0];
  for (const name of reportFiles(folder)) {
    const report = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Report;
    passed += report.numPassedTests;
    failed += report.numFailedTests + report.testResults.filter(isUnloaded).length;
  }
  return { passed, failed };
}

function reportFiles(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.json'));
}

function isUnloaded(file: Report['testResults'][number]): boolean {
  return file.status === 'failed' && file.assertionResults.length === 0;
}

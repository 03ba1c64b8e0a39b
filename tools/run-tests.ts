import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, runStep } from './run-step.ts';
import { tallyReports, type Tally } from './test-results.ts';

// As many packages at once as the smallest machine that this runs on has cores.
const PARALLEL = '--parallel=2';
const RESULTS = join(root, '.cache/test-results');

/**
 * Types, lint and tests of all packages (of those that did not change nx brings back the results, which count), then
 * the tests of the tools and the end-to-end suite. Counts test cases; a step that failed without one counts as one.
 */
export function runTests(): Tally {
  // nx brings back the reports of what it has cached; any other would be of another time.
  rmSync(RESULTS, { recursive: true, force: true });
  mkdirSync(RESULTS, { recursive: true });
  const steps = [
    runPackages(),
    runStep('types of tools and e2e', 'tsc', ['-b', 'tools', 'e2e']),
    runSuite('tools'),
    runSuite('e2e'),
  ];
  const tally = tallyReports(RESULTS);
  const brokenSteps = steps.filter((isGood) => !isGood).length;
  return { ...tally, failed: Math.max(tally.failed, brokenSteps) };
}

function runPackages(): boolean {
  const title = 'types, lint and tests of all packages';
  const targets = ['-t', 'typecheck', 'lint', 'test'];
  const isGood = runNx(title, targets);
  const silent = packagesWithoutReport();
  if (!isGood || silent.length === 0) return isGood;
  // A result that was cached without its report, as by an interrupted run, is made again.
  runNx('tests without a report', ['-t', 'test', '-p', silent.join(','), '--skip-nx-cache']);
  return packagesWithoutReport().length === 0;
}

function runNx(title: string, args: readonly string[]): boolean {
  return runStep(title, 'nx', ['run-many', ...args, PARALLEL, '--outputStyle=stream']);
}

function packagesWithoutReport(): string[] {
  const tests = globSync('{libs/*,apps/*,bench,chaos}/{src,test}/**/*.test.{ts,tsx}', {
    cwd: root,
  });
  const folders = new Set(tests.map((path) => path.split(/\/(?:src|test)\//, 1)[0]!));
  return [...folders].map(packageName).filter((name) => !existsSync(join(RESULTS, `${name}.json`)));
}

function packageName(folder: string): string {
  const manifest: { name: string } = JSON.parse(
    readFileSync(join(root, folder, 'package.json'), 'utf8'),
  );
  return manifest.name;
}

/** Tests in a folder of the root that is no package. A folder that is missing fails. */
function runSuite(folder: string): boolean {
  const file = join(RESULTS, `${folder}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  return (
    runStep(`tests in ${folder}`, 'vitest', ['run', '--root', folder, ...reporters]) &&
    existsSync(file)
  );
}

/**
 * Everything that a change must pass, the same here and in CI: gates that are no tests, the tests, and what proves the
 * promises on the whole system. Each step that is no test counts as one.
 */
import { closeWith } from './close-with.ts';
import { freshSeeds } from './fresh-seeds.ts';
import { runStep } from './run-step.ts';
import { runTests } from './run-tests.ts';
import type { Tally } from './test-results.ts';

const gates = [
  step('layers', process.execPath, ['tools/check-boundaries.ts']),
  step('format', 'oxfmt', ['--check', '.']),
  step('lint of tools and e2e', 'oxlint', ['--type-aware', '--deny-warnings', 'tools', 'e2e']),
  step('proto', 'buf', ['lint']),
  step('generated code', process.execPath, ['tools/check-codegen.ts']),
  step('reference pages', process.execPath, ['tools/make-reference.ts', '--check']),
  step('OpenAPI', 'redocly', ['lint', 'docs/reference/openapi.json', '--max-problems=20']),
  step('lockfile', 'npm', ['ci', '--dry-run', '--no-audit', '--no-fund', '--loglevel=error']),
];
const tests = runTests();
const proofs = [
  step('simulation', process.execPath, ['libs/simulation/src/main.ts', '--seeds', '1..2000']),
  // Worlds that nobody has seen yet. One that fails is told with its seed, and becomes a regression seed when it is mended.
  step('simulation, fresh seeds', process.execPath, [
    'libs/simulation/src/main.ts',
    '--seeds',
    freshSeeds(),
  ]),
  step('chaos', process.execPath, ['chaos/src/main.ts', '--quick']),
];

const parts = [...gates, tests, ...proofs];
closeWith({
  passed: parts.reduce((sum, part) => sum + part.passed, 0),
  failed: parts.reduce((sum, part) => sum + part.failed, 0),
  failures: parts.flatMap((part) => part.failures),
  secondTries: tests.secondTries,
});

function step(title: string, command: string, args: readonly string[]): Tally {
  const isGood = runStep(title, command, args);
  const failures = isGood ? [] : [title];
  return { passed: isGood ? 1 : 0, failed: failures.length, failures, secondTries: [] };
}

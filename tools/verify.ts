/**
 * Everything that a change must pass, the same here and in CI: gates that are no tests, the tests, and what proves the
 * promises on the whole system. Each step that is no test counts as one.
 */
import { freshSeeds } from './fresh-seeds.ts';
import { runStep } from './run-step.ts';
import { runTests } from './run-tests.ts';

const gates = [
  runStep('layers', process.execPath, ['tools/check-boundaries.ts']),
  runStep('format', 'oxfmt', ['--check', '.']),
  runStep('lint of tools and e2e', 'oxlint', ['--type-aware', '--deny-warnings', 'tools', 'e2e']),
  runStep('proto', 'buf', ['lint']),
  runStep('generated code', process.execPath, ['tools/check-codegen.ts']),
  runStep('reference pages', process.execPath, ['tools/make-reference.ts', '--check']),
  runStep('OpenAPI', 'redocly', ['lint', 'docs/reference/openapi.json', '--max-problems=20']),
  runStep('lockfile', 'npm', ['ci', '--dry-run', '--no-audit', '--no-fund', '--loglevel=error']),
];
const tests = runTests();
const proofs = [
  runStep('simulation', process.execPath, ['libs/simulation/src/main.ts', '--seeds', '1..2000']),
  // Worlds that nobody has seen yet. One that fails is told with its seed, and becomes a regression seed when it is mended.
  runStep('simulation, fresh seeds', process.execPath, [
    'libs/simulation/src/main.ts',
    '--seeds',
    freshSeeds(),
  ]),
  runStep('chaos', process.execPath, ['chaos/src/main.ts', '--quick']),
];

const steps = [...gates, ...proofs];
const passed = tests.passed + steps.filter((isGood) => isGood).length;
const failed = tests.failed + steps.filter((isGood) => !isGood).length;
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

import { runTests } from './run-tests.ts';

const { passed, failed } = runTests();
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

import { closeWith } from './close-with.ts';
import { runTests } from './run-tests.ts';

closeWith(runTests());

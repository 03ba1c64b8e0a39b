export type { Seams } from './actors/seams.ts';
export { minimise } from './minimise.ts';
export { runSeed } from './run-seed.ts';
export type { SeedOptions, SeedResult, Violation } from './run-seed.ts';

export type { Seams } from './actors/seams.ts';
export { minimise } from './minimise.ts';
export { openModelStore } from './model-store.ts';
export type { ModelStore } from './model-store.ts';
export { runSeed } from './run-seed.ts';
export type { SeedOptions, SeedResult, Violation } from './run-seed.ts';

export { checkLoad } from './postgres_load/describe.ts';
export { describeExtract } from './postgres_extract/describe.ts';

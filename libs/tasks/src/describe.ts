export { describeExtract } from './postgres_extract/describe.ts';
export type { ExtractDescription } from './postgres_extract/describe.ts';
export { describeLoad } from './postgres_load/describe.ts';
export type { LoadDescription } from './postgres_load/describe.ts';
export { pushIntoQuery, sqlText } from './postgres_extract/push-into-query.ts';
export { PUSHED_FIELD } from './postgres_extract/pushed-field.ts';
export type { PushFacts } from './postgres_extract/push-into-query.ts';

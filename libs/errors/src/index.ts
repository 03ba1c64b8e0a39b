export { CATALOGUE, isErrorCode } from './catalogue.ts';
export type { ErrorCategory, ErrorCode, Retry } from './catalogue.ts';
export { FloeError, assert, assertNever, toFloeError } from './floe-error.ts';
export type { FloeErrorOptions, Place, Violation } from './floe-error.ts';
export { isUuid } from './is-uuid.ts';
export { nearestName } from './nearest-name.ts';
export { saidOf } from './said-of.ts';

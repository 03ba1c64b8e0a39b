export { AddressRefused, hostOf } from './checked-lookup.ts';
export { addressBelow, basicCredentials, credentialHeaders } from './endpoint.ts';
export type { HttpEndpoint } from './endpoint.ts';
export { toHttpError } from './http-error.ts';
export { openExchange } from './open-exchange.ts';
export { ACCEPTED_ENCODINGS, readBeginning, readBody } from './read-body.ts';
export { isPassing, retryAfterMs } from './retry-after.ts';
export { sendRequest } from './send-request.ts';
export type { HttpAnswer, HttpRequest } from './send-request.ts';

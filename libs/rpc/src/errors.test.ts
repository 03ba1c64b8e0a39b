import { expect, test } from 'vitest';
import { CATALOGUE, FloeError } from '@floe/errors';
import type { ErrorCode } from '@floe/errors';
import { Metadata } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import { fromGrpcError, toGrpcStatus } from './errors.ts';

// What clients that limit headers to 8 KiB still take.
const HEADER_BYTES_MAX = 8_192;

function arrived(error: FloeError): FloeError {
  const status = toGrpcStatus(error);
  const raised = Object.assign(new Error(status.details), status) as ServiceError;
  return fromGrpcError(raised, 'scheduler');
}

test.each(Object.keys(CATALOGUE) as ErrorCode[])('%s arrives as itself', (code) => {
  const error = new FloeError(code, 'what happened', { details: { runId: 'r1' }, hint: 'do this' });
  expect(arrived(error)).toMatchObject({
    code,
    message: 'what happened',
    details: { runId: 'r1' },
    hint: 'do this',
  });
});

test('a message with half of a surrogate pair arrives', () => {
  const { details } = toGrpcStatus(new FloeError('DOCUMENT_INVALID', 'half: \ud83e'));
  expect(details).toBe('half: \ufffd');
  // As gRPC encodes it.
  expect(encodeURI(details)).toBe('half:%20%EF%BF%BD');
});

test.each(['x', 'ø', '漢', '"'])('an error full of %s fits into the headers', (character) => {
  const text = character.repeat(10_000);
  const details = Object.fromEntries(
    Array.from({ length: 50 }, (_, index) => [`key${index}`, text]),
  );
  const violation = { field: text, message: text, hint: text };
  for (const code of ['DOCUMENT_INVALID', 'RUN_NOT_FOUND', 'CLAIM_REFUSED'] as const) {
    const violations = Array.from({ length: 100 }, () => violation);
    const error = new FloeError(code, text, { details, violations, hint: text });
    const { metadata, details: message } = toGrpcStatus(error);
    const [packed] = metadata.get('grpc-status-details-bin');
    const size =
      Buffer.from(packed ?? '').toString('base64').length + encodeURIComponent(message).length;
    expect(size).toBeLessThan(HEADER_BYTES_MAX);
    expect(arrived(error).violations.length).toBeGreaterThan(0);
  }
});

test('all of a dozen ordinary violations arrive', () => {
  const violations = Array.from({ length: 12 }, (_, index) => ({
    field: `tasks.task-${index}.polars`,
    message: `no column 'orgin' in flights`,
    place: { line: index + 1, column: 3, length: 5 },
  }));
  expect(
    arrived(new FloeError('DOCUMENT_INVALID', '12 errors', { violations })).violations,
  ).toEqual(violations);
});

test('details of another kind of server are left alone', () => {
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from([0xff, 0xff, 0xff]));
  const raised = Object.assign(new Error(), { code: 14, details: 'no', metadata }) as ServiceError;
  expect(fromGrpcError(raised, 'scheduler')).toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    message: 'scheduler: no',
  });
});

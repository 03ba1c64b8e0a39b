import { errors } from '@nats-io/nats-core';
import { expect, test } from 'vitest';
import { busUnavailable } from './nats-errors.ts';

test.each([
  [new errors.AuthorizationError('Authorization Violation'), /FLOE_NATS_CREDENTIALS/],
  [
    new errors.PermissionViolationError(
      'Permissions Violation',
      'publish',
      '$JS.API.STREAM.CREATE.X',
    ),
    /authorization\.conf.*scheduler/,
  ],
  [
    new Error('request failed', {
      cause: new errors.PermissionViolationError('Permissions Violation', 'publish', 'x'),
    }),
    /authorization\.conf/,
  ],
  [new Error('connection refused'), /nats-server runs/],
])('says what to do about %s', (cause, hint) => {
  expect(busUnavailable('no streams', cause)).toMatchObject({
    code: 'BUS_UNAVAILABLE',
    message: `no streams: ${cause.message}`,
    hint: expect.stringMatching(hint),
  });
});

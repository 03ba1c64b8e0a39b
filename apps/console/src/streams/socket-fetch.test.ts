import { expect, test } from 'vitest';
import { protocolsOf, socketAddress } from './socket-fetch.ts';

test('goes on from where the last connection ended', () => {
  const url = 'http://127.0.0.1:7400/api/v1/runs/r1/logs?follow=true';
  expect(socketAddress(url, new Headers())).toBe(
    'ws://127.0.0.1:7400/api/v1/runs/r1/logs?follow=true',
  );
  expect(socketAddress(url, new Headers({ 'last-event-id': '7' }))).toBe(
    'ws://127.0.0.1:7400/api/v1/runs/r1/logs?follow=true&after_sequence=7',
  );
  expect(socketAddress('https://floe.example/api/v1/runs:watch', new Headers())).toMatch(/^wss:/);
});

test('names the token as a protocol, behind the one that the server chooses', () => {
  expect(protocolsOf(new Headers())).toEqual(['floe.events']);
  const headers = new Headers({ authorization: 'Bearer floe_abc' });
  expect(protocolsOf(headers)).toEqual(['floe.events', 'floe_abc']);
});

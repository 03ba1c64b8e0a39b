import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { planPorts, requireFreePorts } from '../src/ports.ts';

test('every part has a port counted from the base, no two the same', () => {
  const plan = planPorts(7400, 2);
  expect(Object.fromEntries(plan)).toEqual({
    gateway: 7400,
    metadata: 7401,
    scheduler: 7402,
    reporting: 7403,
    'executor-1': 7411,
    'executor-2': 7412,
    nats: 7422,
    postgres: 7432,
  });
});

test('more schedulers follow one another before the executors', () => {
  const plan = planPorts(7400, 1, 3);
  expect(plan.get('scheduler')).toBe(7402);
  expect(plan.get('scheduler-2')).toBe(7404);
  expect(plan.get('scheduler-3')).toBe(7405);
});

test('a taken port is refused with who wants it and how to move', async () => {
  const squatter = createServer().listen(0, '127.0.0.1');
  await once(squatter, 'listening');
  const { port } = squatter.address() as AddressInfo;
  await expect(requireFreePorts(planPorts(port - 2, 1))).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    message: `port ${port}, which the scheduler listens on, is taken by another process`,
    hint: expect.stringContaining('--port-base'),
  });
  squatter.close();
});

/** Hunts a route of the gateway that the client has no method for, and an option of one that it does not know. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createFloeClient } from '../src/index.ts';

type Operation = { readonly operationId?: string; readonly parameters?: readonly object[] };

const openApi = JSON.parse(
  readFileSync(new URL('../../../docs/reference/openapi.json', import.meta.url), 'utf8'),
) as { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> };

// Of the gateway itself: the document of its routes, and probes, of which `checkReady` asks the one that says something.
const NOT_FOR_PROGRAMS = ['getOpenapi', 'getHealth', 'getReadiness'];

const OPERATIONS = Object.entries(openApi.paths).flatMap(([path, methods]) =>
  Object.entries(methods).flatMap(([method, { operationId }]) =>
    operationId === undefined || NOT_FOR_PROGRAMS.includes(operationId)
      ? []
      : [[operationId, method.toUpperCase(), path] as const],
  ),
);

// Methods whose words are no path parameters in their order.
const WORDS: Readonly<Record<string, readonly unknown[]>> = {
  setConnection: [{ name: 'p0' }],
  getLineage: [{ dataset: 'a.b', direction: 'up' }],
  getImpact: [{ dataset: 'a.b' }],
  startRun: [{ workflowName: 'a' }],
  startBackfill: [{ workflowName: 'a' }],
  createToken: [{ name: 'a', scope: 'read', workflowNames: [] }],
};

const NOBODY = {
  code: 'RUN_NOT_FOUND',
  title: 'not found',
  detail: 'nobody is there',
  status: 404,
};

test.each(OPERATIONS)('%s is a method, which asks %s %s', async (name, method, path) => {
  const sent: string[] = [];
  const fetch = (url: string, init: RequestInit) => {
    sent.push(`${init.method} ${new URL(url).pathname}`);
    return Promise.resolve(new Response(JSON.stringify(NOBODY), { status: 404 }));
  };
  const client = createFloeClient({ baseUrl: 'http://127.0.0.1:7400', fetch });
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((_, index) => `p${index}`);
  const call = Reflect.get(client, name) as (...words: unknown[]) => unknown;
  expect(call, `FloeClient has no ${name}`).toBeTypeOf('function');
  const answered = call(...(WORDS[name] ?? [...names, {}]));
  await (Symbol.asyncIterator in Object(answered)
    ? (answered as AsyncGenerator).next().catch(() => undefined)
    : Promise.resolve(answered).catch(() => undefined));
  let index = 0;
  const wanted = path.replaceAll(/\{\w+\}/g, () => `p${index++}`);
  expect(sent[0]).toBe(`${method} ${wanted}`);
});

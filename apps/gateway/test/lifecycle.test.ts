import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFloeClient } from '@floe/client';
import { readEnvironment } from '@floe/service';
import { createLogger } from '@floe/telemetry';
import { expect, test } from 'vitest';
import { startGateway } from '../src/service.ts';
import { startFixture } from './gateway-fixture.ts';

const log = createLogger('test', { level: 'silent' });

test.each(['0.0.0.0:0', '192.168.0.1:7400', '[::]:0'])('does not listen on %s', async (listen) => {
  const env = readEnvironment({ FLOE_GATEWAY_LISTEN: listen });
  await expect(startGateway(env, { log })).rejects.toMatchObject({ code: 'CONFIGURATION_INVALID' });
});

test('says so when its port is taken', async () => {
  await using fixture = await startFixture({});
  const env = readEnvironment({ FLOE_GATEWAY_LISTEN: new URL(fixture.url).host });
  await expect(startGateway(env, { log })).rejects.toMatchObject({ code: 'PORT_TAKEN' });
});

test('is ready while the services behind it serve, and up in any case', async () => {
  await using fixture = await startFixture({});
  await fixture.client.checkReady();
  await fixture.stopBehind();
  await expect(fixture.client.checkReady()).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    message: 'not ready: metadata, scheduler, reporting',
  });
  expect((await fetch(`${fixture.url}/healthz`)).status).toBe(200);
});

test('the client says where nothing answers and how to mend it', async () => {
  const fixture = await startFixture({});
  await fixture[Symbol.asyncDispose]();
  const client = createFloeClient({ baseUrl: fixture.url });
  await expect(client.getOverview()).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    message: expect.stringContaining(fixture.url),
    hint: expect.stringContaining('floe up'),
  });
});

test('without a built console the root says how to build it', async () => {
  await using fixture = await startFixture({});
  const text = await (await fetch(fixture.url)).text();
  expect(text).toContain('npm run build --workspace @floe/console');
});

test('serves the console: assets for ever, views from its index, the API untouched', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'floe-console-'));
  try {
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), '<head><title>Floe</title></head>');
    await writeFile(join(folder, 'assets/app-1a2b.js'), '1;');
    await using fixture = await startFixture({}, { consoleFolder: folder });
    const root = await fetch(fixture.url);
    expect(root.headers.get('cache-control')).toBe('no-store');
    const page = await root.text();
    expect(page).toContain('<title>Floe');
    const nonce = /name="csp-nonce" content="([^"]+)"/.exec(page)?.[1];
    const policy = root.headers.get('content-security-policy');
    expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`);
    expect(policy).not.toContain('unsafe');
    expect(await (await fetch(fixture.url)).text()).not.toContain(nonce);
    const asset = await fetch(`${fixture.url}/assets/app-1a2b.js`);
    expect(asset.headers.get('cache-control')).toContain('immutable');
    expect(await (await fetch(`${fixture.url}/runs/abc`)).text()).toContain('<title>Floe');
    expect((await fetch(`${fixture.url}/assets/gone.js`)).status).toBe(404);
    expect((await fetch(`${fixture.url}/api/v1/nothing`)).status).toBe(404);
    expect((await fetch(`${fixture.url}/..%2f..%2fetc/passwd`)).status).not.toBe(500);
  } finally {
    await rm(folder, { recursive: true });
  }
});

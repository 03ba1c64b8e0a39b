/** The console that `floe up` serves: there, whole, and allowed to do no more than it needs. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestFloe, type TestFloe } from './support/test-floe.ts';

let floe: TestFloe;

beforeAll(async () => {
  floe = await startTestFloe({ executors: 1, slots: 2 });
});

afterAll(() => floe?.[Symbol.asyncDispose]());

test('serves the console with its script and styles, at every address of a page', async () => {
  for (const path of ['/', '/runs/01a208ea-1fec-7b5e-81c3-047a4544ad8d', '/workflows/a']) {
    const page = await fetch(new URL(path, floe.endpoints.gateway));
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    const html = await page.text();
    const assets = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(
      (match) => match[1]!,
    );
    expect(assets.some((asset) => asset.endsWith('.js'))).toBe(true);
    for (const asset of assets) {
      const file = await fetch(new URL(asset, floe.endpoints.gateway));
      expect(file.status, asset).toBe(200);
      expect(file.headers.get('cache-control')).toContain('immutable');
      expect((await file.text()).length).toBeGreaterThan(100);
    }
  }
});

test('loads at most 300 kB of script, gzipped, for its first page', async () => {
  const html = await (await fetch(floe.endpoints.gateway)).text();
  const scripts = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map(
    (match) => match[1]!,
  );
  let bytes = 0;
  for (const script of scripts) {
    const file = await fetch(new URL(script, floe.endpoints.gateway));
    bytes += gzipSync(await file.bytes()).length;
  }
  expect(scripts.length).toBeGreaterThan(0);
  expect(bytes).toBeLessThan(300_000);
});

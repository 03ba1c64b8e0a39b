/** The page that `floe up` serves: there, whole, and allowed to do no more than it needs. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestFloe, type TestFloe } from './support/test-floe.ts';

let floe: TestFloe;

beforeAll(async () => {
  floe = await startTestFloe({ executors: 1, slots: 1 });
});

afterAll(() => floe?.[Symbol.asyncDispose]());

test('serves the console with its script and styles, at every address of a page', async () => {
  for (const path of ['/', '/runs/01a208ea-1fec-7b5e-81c3-047a4544ad8d']) {
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

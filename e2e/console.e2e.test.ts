/** The console that `floe up` serves: whole, allowed to do no more than it needs, and used as people use it. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium } from './support/chromium.ts';
import { startTestFloe, type TestFloe } from './support/test-floe.ts';
import { editorCases } from './browser/editor-cases.ts';
import { keyboardCases } from './browser/keyboard-cases.ts';
import { largeCases } from './browser/large-cases.ts';
import { pageCases } from './browser/page-cases.ts';
import { prepare, type Prepared } from './browser/prepare.ts';
import { runCases } from './browser/run-cases.ts';
import { lookCases } from './browser/look-cases.ts';
import { sessionCases } from './browser/session-cases.ts';
import { tabCases } from './browser/tab-cases.ts';
import { launchBrowser, openView, type View } from './browser/view.ts';

const PACKAGE = fileURLToPath(new URL('../examples/sdk/account-tasks.ts', import.meta.url));

let floe: TestFloe;

beforeAll(async () => {
  floe = await startTestFloe({
    executors: 1,
    slots: 2,
    env: { FLOE_TASK_PACKAGES: PACKAGE },
  });
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

test('serves the schema of documents with the types of packages, and once only to who has it', async () => {
  const url = new URL('/api/v1/workflows:schema', floe.endpoints.gateway);
  const answer = await fetch(url);
  const served = (await answer.json()) as DocumentSchema;
  const published = await readFile(new URL('../examples/workflow.schema.json', import.meta.url));
  const { oneOf: own } = (JSON.parse(published.toString()) as DocumentSchema).properties.tasks
    .additionalProperties;
  const { oneOf: all } = served.properties.tasks.additionalProperties;
  expect(all.slice(0, own.length)).toEqual(own);
  expect(all.slice(own.length)).toMatchObject([
    { title: 'acme_check_iban', properties: { column: { type: 'string' } } },
  ]);
  const again = await fetch(url, { headers: { 'if-none-match': answer.headers.get('etag')! } });
  expect(again.status).toBe(304);
});

type DocumentSchema = {
  readonly properties: {
    readonly tasks: { readonly additionalProperties: { readonly oneOf: readonly object[] } };
  };
};

const chromium = findChromium();
if (chromium === undefined) {
  console.warn('There is no Chromium here: the tests that look at the console are left out.');
}

describe.runIf(chromium !== undefined)('in Chromium', () => {
  let browser: Browser;
  let view: View;
  let runs: Prepared;

  beforeAll(async () => {
    [browser, runs] = await Promise.all([launchBrowser(chromium!), prepare(floe)]);
    view = await openView(browser, floe.endpoints.gateway);
  });

  afterAll(() => browser?.close());

  const theView = () => view;
  const theFloe = () => floe;
  const theRuns = () => runs;
  pageCases(theView, theRuns);
  keyboardCases(theView, theRuns);
  runCases(theView, theFloe, theRuns);
  editorCases(theView);
  lookCases(theView, theFloe, theRuns);
  tabCases(theView, theFloe);
  sessionCases(theView, theFloe);
  largeCases(theView, theFloe);
});

import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';

export type FirstLoad = {
  /** Script that the page asked for, as it came over the wire or would: gzipped. */
  readonly scriptKb: number;
  /** Until the list of runs stands, and its first row can be opened. */
  readonly interactiveMs: number;
};

const BYTES_PER_KB = 1_000;

/** Opens the runs with nothing kept from before. */
export async function measureFirstLoad(browser: Browser, gateway: string): Promise<FirstLoad> {
  await using context = await browser.newContext();
  const page = await context.newPage();
  const bodies: Promise<Buffer>[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') bodies.push(response.body());
  });
  const began = performance.now();
  await page.goto(new URL('/runs', gateway).href);
  await page.locator('[data-row]').first().waitFor();
  const interactiveMs = performance.now() - began;
  const sizes = (await Promise.all(bodies)).map((body) => gzipSync(body).length);
  return { scriptKb: sizes.reduce((sum, size) => sum + size, 0) / BYTES_PER_KB, interactiveMs };
}

import type { FloeClient } from '@floe/client';
import type { Browser } from 'playwright-core';

const ITEMS = 10_000;
const CHUNK = 1_000;
const NAME = 'bench-console-items';

/** A run of one task that went through so many items; resolves when it has ended. */
export async function runItems(client: FloeClient): Promise<string> {
  const items = Array.from({ length: ITEMS }, (_, index) => index).join(', ');
  const task = `{ type: noop, foreach: { items: [${items}], chunk: ${CHUNK} } }`;
  await client.applyWorkflow(`name: ${NAME}\ntasks:\n  each: ${task}\n`);
  const { run } = await client.startRun({ workflowName: NAME });
  for await (const update of client.watchRun(run.runId)) void update;
  return run.runId;
}

/** From nothing until the one node of the task is drawn, was opened, and the first of its items stand there. */
export async function timeItems(browser: Browser, address: string): Promise<number> {
  await using context = await browser.newContext({ viewport: { width: 1_400, height: 900 } });
  const page = await context.newPage();
  const began = performance.now();
  await page.goto(address);
  await page.locator('.node', { hasText: 'each' }).click();
  await page.locator('.item-list li').first().waitFor();
  return performance.now() - began;
}

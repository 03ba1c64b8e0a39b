import type { Browser } from 'playwright-core';

/** From nothing until the graph of a run is drawn, and a task that was clicked in the table is open. */
export async function timeGraph(browser: Browser, address: string): Promise<number> {
  await using context = await browser.newContext({ viewport: { width: 1_400, height: 900 } });
  const page = await context.newPage();
  const began = performance.now();
  await page.goto(address);
  await page.locator('.large-graph canvas[data-drawn]').waitFor();
  await page.locator('.tasks [data-row]').first().click();
  await page.locator('aside.panel').waitFor();
  return performance.now() - began;
}

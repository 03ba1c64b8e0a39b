/** Many pages of one browser: it keeps six connections to a host, and streams must not use them up. */
import { expect, test } from 'vitest';
import type { TestFloe } from '../support/test-floe.ts';
import { openView, seeRunState, seeText, type View } from './view.ts';

const TABS = 8;

export function tabCases(view: () => View, floe: () => TestFloe): void {
  test(`shows a run live in ${TABS} tabs at once, and answers in each`, async () => {
    const { client, endpoints } = floe();
    const { run } = await client.startRun({ workflowName: 'ask' });
    await using context = await view().page.context().browser()!.newContext();
    const tabs = await Promise.all(
      Array.from({ length: TABS }, () => openView(context, endpoints.gateway)),
    );
    for (const { open } of tabs) await open(`/runs/${run.runId}?task=ask`);
    await Promise.all(
      tabs.map(({ page }) => page.getByRole('button', { name: 'Approve' }).waitFor()),
    );
    await tabs.at(-1)!.page.getByRole('button', { name: 'Approve' }).click();
    await Promise.all(tabs.map(({ page }) => seeRunState(page, 'succeeded')));
    expect(tabs.flatMap(({ complaints }) => complaints)).toEqual([]);
  });

  test('keeps going where a part of a page is not to be had, and loads it anew', async () => {
    const { page, open } = await openView(
      view().page.context().browser()!,
      floe().endpoints.gateway,
    );
    await open('/runs');
    await page.route('**/assets/lineage-page*', (route) => route.abort());
    await page.getByRole('link', { name: 'Lineage' }).click();
    await seeText(page, 'This page cannot be shown.');
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    await page.locator('[data-row]').first().waitFor();
    await page.getByRole('link', { name: 'Lineage' }).click();
    await page.unroute('**/assets/lineage-page*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Lineage' }).waitFor();
    await page.close();
  });
}

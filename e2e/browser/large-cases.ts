/** Graphs of thousands of tasks, and a gateway that goes away. */
import { expect, test } from 'vitest';
import { pidOf } from '../support/processes.ts';
import type { TestFloe } from '../support/test-floe.ts';
import { LARGE_TASKS, largeWorkflow } from './prepare.ts';
import { seeRunState, seeText, type View } from './view.ts';

// Many times what it takes here: the bench measures, this test only tells a page that works from one that is stuck.
const LARGE_WITHIN_MS = 15_000;
// What of a long list is in the page: some screens of it.
const ROWS_IN_PAGE_MAX = 100;

export function largeCases(view: () => View, floe: () => TestFloe): void {
  test(`shows a run of ${LARGE_TASKS} tasks, and finds one of them`, async () => {
    const { page, open } = view();
    const { client } = floe();
    await client.applyWorkflow(largeWorkflow());
    const { run } = await client.startRun({ workflowName: 'large' });
    const began = performance.now();
    await open(`/runs/${run.runId}`);
    await page.getByRole('img', { name: `Graph of ${LARGE_TASKS} tasks` }).waitFor();
    await page.getByLabel('Name, type or state of tasks').fill('t4711');
    await page.getByRole('button', { name: 't4711', exact: true }).click();
    await page.getByRole('complementary', { name: 'Task t4711' }).waitFor();
    expect(performance.now() - began).toBeLessThan(LARGE_WITHIN_MS);
    expect(await page.locator('.tasks tbody tr').count()).toBe(1);
    await page.getByLabel('Name, type or state of tasks').fill('');
    await seeText(page, '5,000');
    expect(await page.locator('.tasks tbody tr').count()).toBeLessThan(ROWS_IN_PAGE_MAX);
    await client.cancelRun(run.runId);
    await seeRunState(page, 'cancelled');
  });

  test('goes on by itself when the gateway has died and is back', async () => {
    const { page, open, complaints } = view();
    const { run } = await floe().client.startRun({ workflowName: 'slow' });
    await open(`/runs/${run.runId}`);
    await page.locator('.node[data-tone="live"]', { hasText: 'first' }).waitFor();
    const before = complaints.length;
    process.kill(await pidOf(floe(), 'gateway'), 'SIGKILL');
    await seeText(page, 'Reconnecting');
    // What happened while nobody was connected is told when somebody is again.
    await page.locator('.node[data-tone="live"]', { hasText: 'second' }).waitFor();
    await page.getByText('Reconnecting').waitFor({ state: 'detached' });
    await floe().client.cancelRun(run.runId);
    await seeRunState(page, 'cancelled');
    expect(complaints.slice(before).filter((one) => !one.includes('net::ERR_'))).toEqual([]);
  });
}

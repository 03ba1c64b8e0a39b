/** Runs as people steer them, on the page alone. */
import { expect, test } from 'vitest';
import type { TestFloe } from '../support/test-floe.ts';
import type { Prepared } from './prepare.ts';
import { seeRunState, seeText, type View } from './view.ts';

export function runCases(view: () => View, floe: () => TestFloe, runs: () => Prepared): void {
  test('starts a run from the form of its parameters, and follows it to its end', async () => {
    const { page, open } = view();
    await open('/workflows/revenue?start=1');
    await page.getByLabel(/^least/).fill('many');
    await page.getByRole('dialog').getByRole('button', { name: 'Start' }).click();
    await seeText(page, "'many' is no integer.");
    await page.getByLabel(/^least/).fill('100');
    await page.getByRole('dialog').getByRole('button', { name: 'Start' }).click();
    await page.waitForURL('**/runs/*');
    await seeRunState(page, 'succeeded');
    await page.locator('.node[data-tone="good"]').nth(2).waitFor();
    await page.locator('.edge-rows').first().waitFor();
    expect(await page.getByLabel('Parameters').textContent()).toContain('least 100');
  });

  test('shows tasks as they begin and end, and cancels', async () => {
    const { page, open } = view();
    const { run } = await floe().client.startRun({ workflowName: 'slow' });
    await open(`/runs/${run.runId}`);
    await page.locator('.node[data-tone="live"]', { hasText: 'first' }).waitFor();
    await page.locator('.node[data-tone="good"]', { hasText: 'first' }).waitFor();
    await page.locator('.node[data-tone="live"]', { hasText: 'second' }).waitFor();
    await page.getByRole('button', { name: 'Cancel run' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel run' }).click();
    await seeRunState(page, 'cancelled');
  });

  test('pauses a run and goes on with it', async () => {
    const { page, open } = view();
    const { run } = await floe().client.startRun({ workflowName: 'slow' });
    await open(`/runs/${run.runId}`);
    await page.getByRole('button', { name: 'Pause' }).click();
    await seeRunState(page, 'paused');
    await page.getByRole('button', { name: 'Resume' }).click();
    await seeRunState(page, 'running');
    await floe().client.cancelRun(run.runId);
    await seeRunState(page, 'cancelled');
  });

  test('answers an approval', async () => {
    const { page, open } = view();
    const { run } = await floe().client.startRun({ workflowName: 'ask' });
    await open(`/runs/${run.runId}?task=ask`);
    await seeText(page, 'May it go on?');
    await page.getByLabel(/^share/).fill('some');
    await page.getByRole('button', { name: 'Approve' }).click();
    await seeText(page, "'some' is no integer.");
    await page.getByLabel(/^share/).fill('3');
    await page.getByRole('button', { name: 'Approve' }).click();
    await seeRunState(page, 'succeeded');
  });

  test('shows a failure with its line, and does it again from there', async () => {
    const { page, open } = view();
    await open(`/runs/${runs().broken.runId}?task=numbers`);
    expect(await page.getByLabel('Line 2').textContent()).toContain('cast(pl.Int64)');
    await page.getByRole('button', { name: 'Retry from here' }).click();
    const dialog = page.getByRole('dialog', { name: 'Retry from numbers?' });
    await dialog.getByText('numbers, after').waitFor();
    await dialog.getByText('regions').waitFor();
    await dialog.getByRole('button', { name: 'Retry', exact: true }).click();
    await page.waitForURL((url) => !url.pathname.endsWith(runs().broken.runId));
    await seeRunState(page, 'failed');
    await seeText(page, 'Retry of');
  });

  test('shows rows, what columns hold, and the plan of a task', async () => {
    const { page, open } = view();
    await open(`/runs/${runs().good.runId}?task=totals`);
    const preview = page.getByRole('region', { name: 'Preview of the rows' });
    await preview.locator('td', { hasText: 'region 1' }).first().waitFor();
    expect(await preview.locator('.histogram').count()).toBe(3);
    await page.getByText('Plan', { exact: true }).click();
    await seeText(page, 'group_by');
  });

  test('shows the rows of a task that ends while it is looked at', async () => {
    const { page, open } = view();
    const { run } = await floe().client.startRun({ workflowName: 'revenue' });
    await open(`/runs/${run.runId}?task=totals`);
    const preview = page.getByRole('region', { name: 'Preview of the rows' });
    await preview.locator('td', { hasText: 'region 1' }).first().waitFor();
  });

  test('compares two runs', async () => {
    const { page, open } = view();
    const { good, other } = runs();
    await open(`/compare?a=${good.runId}&b=${other.runId}`);
    const row = page.getByRole('row', { name: /least/ });
    expect(await row.textContent()).toBe('least51000');
    await page.getByRole('button', { name: 'Swap A and B' }).click();
    await page.waitForURL(`**/compare?a=${other.runId}&b=${good.runId}`);
  });

  test('follows lineage from a table to a column and to where it comes from', async () => {
    const { page, open } = view();
    await open('/lineage?dataset=public.revenue');
    const graph = page.getByLabel('Lineage graph');
    await graph.getByRole('link', { name: 'public.orders' }).waitFor();
    await graph
      .locator('.lineage-node', { hasText: 'public.orders' })
      .getByRole('link', { name: 'amount' })
      .click();
    await page.waitForURL('**/lineage?dataset=*column=amount');
    await graph.getByRole('link', { name: 'public.revenue' }).waitFor();
  });

  test('shows hostile texts as texts', async () => {
    const { page, open } = view();
    const run = `/runs/${runs().hostile.runId}?task=fails`;
    const form = '/workflows/hostile?start=1';
    const schemas = '/workflows/hostile?tab=schemas';
    for (const path of ['/', '/runs', '/workflows', form, schemas, '/edit/hostile', run]) {
      await open(path);
      await seeText(page, /img src=x|hostile/);
      // As markup it would be an element, whether or not it had been hit by then.
      expect(await page.locator('img').count(), path).toBe(0);
    }
    await seeText(page, /invalid input syntax|onerror/);
    expect(await page.evaluate(() => Reflect.get(globalThis, 'wasHit'))).toBeUndefined();
  });
}

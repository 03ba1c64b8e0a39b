/** What people look at once a run has ended: its summary, an attempt, lineage of one kind, many runs at once. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { awaitRunEnd } from '../support/await-run.ts';
import type { TestFloe } from '../support/test-floe.ts';
import { HOSTILE, type Prepared } from './prepare.ts';
import { openView, seeRunState, seeText, type View } from './view.ts';

const MEASURED = `name: measured
tasks:
  orders: { type: postgres_extract, connection: source, query: select amount from public.orders }
  measure:
    type: update_metrics
    inputs: [orders]
    metrics: { largest: pl.col("amount").max() }
    units: { largest: NOK }
  describe:
    type: store_workflow_metadata
    inputs: [orders]
    values: { owner: '${HOSTILE}' }
`;

const MAPPED = `name: mapped
tasks:
  each:
    type: postgres_sql
    connection: source
    foreach: { items: [4, 5, 6, 5], type: integer, chunk: 1 }
    statements: ["select 1 / (\${{ params.item }} - 5)"]
`;

export function lookCases(view: () => View, floe: () => TestFloe, runs: () => Prepared): void {
  test('renders the summary of a run and its trend, and script in it as text', async () => {
    const { page, open } = view();
    await open(`/runs/${runs().good.runId}?view=summary`);
    await page.getByRole('heading', { name: 'revenue: succeeded' }).waitFor();
    await page.getByRole('rowheader', { name: 'Rows loaded' }).waitFor();
    const plot = page.getByRole('img', { name: 'Duration and rows of the last runs' });
    await plot.waitFor();
    expect(await plot.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
    await open(`/runs/${runs().hostile.runId}?view=summary`);
    await page.locator('.markdown').getByText(HOSTILE).waitFor();
    expect(await page.evaluate(() => Reflect.get(globalThis, 'wasHit'))).toBeUndefined();
  });

  test('shows the numbers and facts that tasks recorded', async () => {
    const { page, open } = view();
    await floe().client.applyWorkflow(MEASURED);
    const { run } = await floe().client.startRun({ workflowName: 'measured' });
    await open(`/runs/${run.runId}?view=summary`);
    await page.getByRole('row', { name: /^largest 3,000 NOK/ }).waitFor();
    await open('/workflows/measured');
    await page.getByLabel('Facts that runs stored').getByText(HOSTILE).waitFor();
  });

  test('looks at one attempt of a task: its facts, its lines, its time', async () => {
    const { page, open } = view();
    await open(`/runs/${runs().twice.runId}?task=late&view=timeline`);
    await page.getByRole('button', { name: '#2' }).click();
    await page.waitForURL((url) => url.searchParams.get('attempt') === '2');
    await seeText(page, 'Attempt 2');
    await page.getByRole('button', { name: 'attempt 2 of late' }).waitFor();
    await page.locator('.logs').getByText('attempt 2', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'All attempts' }).click();
    await page.waitForURL((url) => !url.searchParams.has('attempt'));
  });

  test('shows the spans of a run as a tree, and the attempt of one of them', async () => {
    const { page, open } = view();
    const { twice } = runs();
    await open(`/runs/${twice.runId}?view=trace`);
    await seeText(page, twice.traceId);
    const spans = page.getByRole('region', { name: 'Spans of the run' }).getByRole('listitem');
    await spans.nth(3).waitFor();
    expect(await spans.count()).toBe(4);
    await page.getByRole('button', { name: /^attempt 2 of late.*linked to attempt 1$/ }).click();
    await page.waitForURL((url) => url.searchParams.get('attempt') === '2');
    await seeText(page, 'ATTEMPT_TIMEOUT');
    await page.getByRole('button', { name: 'Attempts of late' }).click();
    await spans.nth(3).waitFor({ state: 'detached' });
    expect(await spans.count()).toBe(2);
  });

  test('opens lines of the log by the keyboard, and keeps them in a file', async () => {
    const { page, open } = view();
    await open(`/runs/${runs().good.runId}?view=logs`);
    const lines = page.getByRole('log', { name: 'Log lines' });
    await lines
      .getByText(/^succeeded/)
      .nth(2)
      .waitFor();
    await lines.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.has('line'));
    const newest = new URL(page.url()).searchParams.get('line');
    await page.keyboard.press('ArrowUp');
    await page.waitForURL((url) => url.searchParams.get('line') !== newest);
    await page.getByRole('region', { name: 'The chosen line' }).waitFor();
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => !url.searchParams.has('line'));
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).click();
    const file = await (await downloading).path();
    expect(await readFile(file, 'utf8')).toContain(' info totals succeeded');
  });

  test('opens the items of a task: those that failed, and why one of them did', async () => {
    const { page, open } = view();
    await floe().client.applyWorkflow(MAPPED);
    const { run } = await floe().client.startRun({ workflowName: 'mapped' });
    await open(`/runs/${run.runId}?task=each`);
    await seeRunState(page, 'failed');
    await page.getByText('4 of 4 done, 2 failed').waitFor();
    await page.getByLabel('State of the items').selectOption('failed');
    const items = page.getByRole('region', { name: 'Items, one by one' }).getByRole('button');
    await items.nth(1).click();
    await page.waitForURL((url) => url.searchParams.get('item') === '3');
    expect(await items.count()).toBe(2);
    const chosen = page.getByRole('region', { name: 'The chosen item' });
    await chosen.getByText('VALUE_INVALID').waitFor();
    expect(await chosen.textContent()).toContain('division by zero');
    await page.getByRole('button', { name: 'Close the item' }).click();
    await page.waitForURL((url) => !url.searchParams.has('item'));

    await page.getByRole('button', { name: 'Retry failed items' }).waitFor();
    await items.nth(0).click();
    await chosen.getByRole('button', { name: 'Retry this item' }).click();
    await page.waitForURL((url) => !url.pathname.endsWith(run.runId));
    const again = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    const ended = await awaitRunEnd(floe().client, again, { withinMs: 30_000 });
    expect(ended.retryOfRunId).toBe(run.runId);
    const { taskRuns } = await floe().client.listTaskRuns(again);
    expect(taskRuns[0]).toMatchObject({
      attemptCount: 1,
      items: { total: 4, succeeded: 2, failed: 2 },
    });
  });

  test('leaves out one kind of lineage', async () => {
    const { page, open } = view();
    await open('/lineage?dataset=public.revenue');
    await page.getByRole('button', { name: /^Direct/ }).click();
    await page.waitForURL('**kinds=direct');
    expect(await page.getByRole('cell', { name: 'group identity' }).count()).toBe(0);
    await page.getByRole('button', { name: /^Indirect/ }).click();
    await page.getByRole('cell', { name: 'group identity' }).waitFor();
    expect(await page.getByRole('cell', { name: 'value identity' }).count()).toBe(0);
  });

  test('keeps a view of the runs, and cancels all that it shows', async () => {
    const { page, open } = view();
    const { client } = floe();
    for (let count = 0; count < 3; count += 1) await client.startRun({ workflowName: 'slow' });
    await open('/runs?workflow=slow&state=running&state=queued');
    await page.getByLabel('Name of the view').fill('to stop');
    await page.getByLabel('for everybody').check();
    await page.getByRole('button', { name: 'Save view' }).click();
    await page.getByRole('button', { name: 'Copy the link to the view to stop' }).waitFor();
    await seeFromElsewhere(view(), floe());
    await page.getByText('floe runs list --workflow slow --state queued running').waitFor();
    await open('/runs?state=succeeded');
    await page.getByRole('link', { name: 'to stop' }).click();
    await page.locator('.runs tbody tr').nth(2).waitFor();
    await page.getByLabel('Mark all that are listed').check();
    await page.getByRole('button', { name: 'Cancel 3' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel 3 runs' }).click();
    await seeText(page, '3 of 3 done');
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await seeText(page, 'No run matches');
    await page.getByRole('button', { name: 'Forget the view to stop' }).click();
  });

  test('retries many runs, each of which keeps what was good', async () => {
    const { page, open } = view();
    await open('/runs?workflow=twice&state=failed&state=timed_out');
    await page
      .getByRole('checkbox', { name: /of twice$/ })
      .first()
      .check();
    await page.getByRole('button', { name: 'Retry 1' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Retry 1 run' }).click();
    await seeText(page, '1 of 1 done');
    const { runs: found } = await floe().client.listRuns({ workflowName: 'twice' });
    await open(`/runs/${found[0]!.runId}`);
    await seeRunState(page, 'failed');
    await seeText(page, 'Retry of');
  });
}

/** Another browser has the view, too, and its link leads to what it is of. */
async function seeFromElsewhere({ page }: View, { client, endpoints }: TestFloe): Promise<void> {
  const { views } = await client.listViews();
  const { viewId } = views.find(({ name }) => name === 'to stop')!;
  await using context = await page.context().browser()!.newContext();
  const other = await openView(context, endpoints.gateway);
  await other.open(`/views/${viewId}`);
  await other.page.waitForURL('**/runs?workflow=slow&state=queued&state=running');
  await other.page.getByRole('link', { name: 'to stop' }).waitFor();
  await other.open('/views/01a208ea-1fec-7b5e-81c3-047a4544ad8d');
  await seeText(other.page, 'The view cannot be shown.');
}

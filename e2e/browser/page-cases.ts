/** Every page: it opens by its address, complains of nothing, and is accessible in both themes. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { SIZE, seeText, type View } from './view.ts';
import type { Prepared } from './prepare.ts';

const PHONE_WIDTH = 390;

type PageCase = readonly [name: string, path: (runs: Prepared) => string, shows: string | RegExp];

const PAGES: readonly PageCase[] = [
  ['overview', () => '/', 'Needs you'],
  ['runs', () => '/runs', 'region'],
  ['a run as graph', ({ good }) => `/runs/${good.runId}?task=totals`, 'Output columns'],
  ['a run in words', ({ good }) => `/runs/${good.runId}?view=summary`, 'revenue: succeeded'],
  [
    'an attempt',
    ({ twice }) => `/runs/${twice.runId}?task=late&attempt=1&view=timeline`,
    'Attempt 1',
  ],
  ['a run along time', ({ broken }) => `/runs/${broken.runId}?view=timeline`, 'critical path'],
  ['a run as trace', ({ twice }) => `/runs/${twice.runId}?view=trace`, 'Floe keeps the spans'],
  ['workflows', () => '/workflows', 'Revenue by region.'],
  ['a workflow', () => '/workflows/revenue', 'totals'],
  ['its schemas', () => '/workflows/revenue?tab=schemas', 'Float64'],
  ['its versions', () => '/workflows/revenue?tab=versions', 'What @2 changed'],
  ['its start form', () => '/workflows/revenue?start=1', 'Smaller orders are left out.'],
  ['schedules', () => '/schedules', 'revenue.daily'],
  ['lineage', () => '/lineage?dataset=public.revenue', 'Every dependency'],
  ['executors', () => '/executors', 'Pool default'],
  ['connections', () => '/connections', 'warehouse'],
  [
    'comparison',
    ({ good, other }) => `/compare?a=${good.runId}&b=${other.runId}`,
    'Parameters that differ',
  ],
  ['comparison before runs are chosen', () => '/compare', 'Choose two runs'],
  ['settings', () => '/settings', 'Look'],
  ['tokens', () => '/settings?tab=tokens', 'New token'],
  ['audit', () => '/settings?tab=audit', 'applyWorkflow'],
  ['editor', () => '/edit/revenue', 'No problems'],
];

export function pageCases(view: () => View, runs: () => Prepared): void {
  test.each(PAGES)('shows %s, accessible in the dark and in the light', async (_, path, shows) => {
    const { page, open, complaints } = view();
    const before = complaints.length;
    await open(path(runs()));
    await seeText(page, shows);
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await violations(page), colorScheme).toEqual([]);
    }
    await page.setViewportSize({ ...SIZE, width: PHONE_WIDTH });
    expect(await sideways(page)).toEqual([]);
    await page.setViewportSize(SIZE);
    expect(complaints.slice(before)).toEqual([]);
  });
}

/** What reaches out of the page to the right, where that makes the page itself scroll. */
function sideways(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    return [...document.querySelectorAll('main *')]
      .filter((element) => element.getBoundingClientRect().right > clientWidth)
      .map((element) => element.outerHTML.slice(0, 120));
  });
}

/** What axe finds, in few words each. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    // Run inside of the page, where the script above has put it.
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const { violations: found } = await inPage.run({ runOnly: { type: 'tag', values: tags } });
    return found.map(({ id, nodes }) => {
      const [node] = nodes;
      return `${id} (${nodes.length}): ${node?.html.slice(0, 120)} ${node?.failureSummary?.slice(0, 200)}`;
    });
  });
}

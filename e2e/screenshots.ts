/** `npm run screenshots`: takes the pictures of the docs from a Floe of its own, so that they never show what is not there. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchBrowser } from './browser/view.ts';
import { prepare, type Prepared } from './browser/prepare.ts';
import { findChromium } from './support/chromium.ts';
import { startTestFloe } from './support/test-floe.ts';

const FOLDER = fileURLToPath(new URL('../docs/images', import.meta.url));
// For pictures to come to rest: fonts, the layout of the graph, the last answer.
const REST_MS = 2_500;

type Shot = readonly [name: string, theme: 'dark' | 'light', path: (runs: Prepared) => string];

const SHOTS: readonly Shot[] = [
  ['overview', 'dark', () => '/'],
  ['run', 'light', ({ good }) => `/runs/${good.runId}?task=totals`],
  ['timeline', 'dark', ({ broken }) => `/runs/${broken.runId}?view=timeline&task=numbers`],
  ['trace', 'light', ({ twice }) => `/runs/${twice.runId}?view=trace&task=late`],
  ['summary', 'dark', ({ other }) => `/runs/${other.runId}?view=summary`],
  ['attempt', 'light', ({ twice }) => `/runs/${twice.runId}?task=late&attempt=2&view=timeline`],
  ['runs', 'light', () => '/runs?state=succeeded&state=failed&since=24h'],
  ['workflow', 'light', () => '/workflows/revenue'],
  ['versions', 'dark', () => '/workflows/revenue?tab=versions'],
  ['editor', 'dark', () => '/edit/revenue'],
  ['lineage', 'light', () => '/lineage?dataset=public.revenue'],
  ['compare', 'dark', ({ good, other }) => `/compare?a=${good.runId}&b=${other.runId}`],
  ['schedules', 'light', () => '/schedules'],
];

async function takeAll(executablePath: string): Promise<void> {
  await using floe = await startTestFloe({ executors: 1, slots: 2 });
  const runs = await prepare(floe);
  const browser = await launchBrowser(executablePath);
  try {
    for (const [name, colorScheme, path] of SHOTS) {
      const page = await browser.newPage({ viewport: { width: 1_400, height: 900 }, colorScheme });
      await page.goto(new URL(path(runs), floe.endpoints.gateway).href);
      await page.waitForTimeout(REST_MS);
      await page.screenshot({ path: join(FOLDER, `${name}.png`) });
      await page.close();
      console.log(`docs/images/${name}.png`);
    }
  } finally {
    await browser.close();
  }
}

const chromium = findChromium();
if (chromium === undefined) {
  console.error('There is no Chromium here: apt-get install chromium');
  process.exitCode = 1;
} else {
  await takeAll(chromium);
}

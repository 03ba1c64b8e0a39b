import type { FloeClient } from '@floe/client';
import type { Browser } from 'playwright-core';

const STEPS = 40;
// So that the changes of two tasks never come together.
const STEP_MS = 150;

export const CHAIN_NAME = 'bench-console-chain';

/** Tasks one after the other, each a change of its own. */
export function chainDocument(): string {
  const tasks = Array.from({ length: STEPS }, (_, index) => {
    const needs = index === 0 ? '' : `, needs: [s${index - 1}]`;
    return `  s${index}: { type: sleep, duration: ${STEP_MS}ms${needs} }`;
  });
  return [`name: ${CHAIN_NAME}`, 'tasks:', ...tasks, ''].join('\n');
}

/**
 * Milliseconds from the instant at which a task ended, as Floe recorded it, until the page had drawn it; one for each
 * task. Browser and services share the clock of the machine.
 */
export async function timeChanges(
  browser: Browser,
  gateway: string,
  client: FloeClient,
): Promise<readonly number[]> {
  await using context = await browser.newContext();
  const page = await context.newPage();
  const { run } = await client.startRun({ workflowName: CHAIN_NAME });
  await page.goto(new URL(`/runs/${run.runId}`, gateway).href);
  // A page that is still being opened is measured by the first load.
  await page.locator('.node').first().waitFor();
  await page.evaluate(noteDrawn);
  await page.locator('.run-title .state', { hasText: 'succeeded' }).waitFor();
  const drawn = await page.evaluate(
    () => Reflect.get(globalThis, 'drawnAt') as Readonly<Record<string, number>>,
  );
  const { taskRuns } = await client.listTaskRuns(run.runId);
  return taskRuns.flatMap(({ taskId, endTime = '' }) => {
    const at = drawn[taskId];
    return at === undefined ? [] : [Math.max(0, at - Date.parse(endTime))];
  });
}

/** Runs inside of the page: looks at the table before every drawing, and notes when a task was first drawn as ended. */
function noteDrawn(): void {
  const drawnAt: Record<string, number> = {};
  const known = new Set<string>();
  Reflect.set(globalThis, 'drawnAt', drawnAt);
  const rows = () =>
    [...document.querySelectorAll('.tasks tbody tr:not(.spacer)')].flatMap((row) => {
      const isEnded = row.querySelector('.state')?.textContent === 'succeeded';
      return isEnded ? [row.querySelector('button')?.textContent ?? ''] : [];
    });
  // What had ended before the page looked was no change that it could show.
  for (const taskId of rows()) known.add(taskId);
  const look = () => {
    for (const taskId of rows()) {
      if (known.has(taskId)) continue;
      known.add(taskId);
      drawnAt[taskId] = Date.now();
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

import type { Browser, WebSocketRoute } from 'playwright-core';
import { median, percentile } from '../statistics.ts';

const LINES = 100_000;
const FRAMES = 180;

export type Scrolled = { readonly frameP50Ms: number; readonly frameP95Ms: number };

/**
 * Scrolls through a log of a hundred thousand lines, a screen each frame, and tells how long frames took. The lines are
 * given to the page in place of the gateway's: what is measured is the page.
 */
export async function scrollLog(browser: Browser, address: string): Promise<Scrolled> {
  await using context = await browser.newContext();
  const page = await context.newPage();
  await page.routeWebSocket(/\/logs\?/, giveLines);
  await page.goto(`${address}?view=logs`);
  await page.getByText(`${LINES.toLocaleString('en')} lines`).waitFor();
  const frames = await page.evaluate(scrollThrough, FRAMES);
  return { frameP50Ms: median(frames), frameP95Ms: percentile(frames, 95) };
}

// Each message costs a call from here to the browser, which is no part of what is measured.
const LINES_PER_MESSAGE = 1_000;

function giveLines(socket: WebSocketRoute): void {
  for (let first = 0; first < LINES; first += LINES_PER_MESSAGE) {
    const lines = Array.from({ length: LINES_PER_MESSAGE }, (_, index) => lineEvent(first + index));
    socket.send(lines.join(''));
  }
  socket.send('event: end\ndata: {}\n\n');
}

function lineEvent(index: number): string {
  const line = {
    time: new Date(Date.UTC(2026, 0, 1) + index).toISOString(),
    level: index % 50 === 0 ? 'warn' : 'info',
    taskId: `task_${index % 40}`,
    attempt: 1,
    message: `line ${index} of a log that is long enough to be one that people scroll through`,
  };
  const data = JSON.stringify({ sequence: String(index + 1), line });
  return `id: ${index + 1}\nevent: line\ndata: ${data}\n\n`;
}

/** Runs inside of the page. */
function scrollThrough(frames: number): Promise<number[]> {
  const list = document.querySelector('.log-lines')!;
  list.scrollTop = 0;
  const step = (list.scrollHeight - list.clientHeight) / frames;
  return new Promise((resolve) => {
    const times: number[] = [];
    let last = performance.now();
    const next = (now: number) => {
      times.push(now - last);
      last = now;
      list.scrollTop += step;
      if (times.length > frames) resolve(times.slice(1));
      else requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
}

/** A page of the console under test, and what it must never do. */
import { type Browser, type BrowserContext, type Page, chromium } from 'playwright-core';
import { expect } from 'vitest';

export type View = {
  readonly page: Page;
  /** Opens an address of the console. */
  readonly open: (path: string) => Promise<void>;
  /** What the page has complained of since it was made. */
  readonly complaints: readonly string[];
};

export const WAIT_MS = 20_000;
export const SIZE = { width: 1_400, height: 900 };

export function launchBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** A page of its own, or one more tab of a context. */
export async function openView(browser: Browser | BrowserContext, gateway: string): Promise<View> {
  const page = await browser.newPage();
  await page.setViewportSize(SIZE);
  const complaints: string[] = [];
  page.setDefaultTimeout(WAIT_MS);
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
  });
  return {
    page,
    complaints,
    open: async (path) => void (await page.goto(new URL(path, gateway).href)),
  };
}

/** Waits until a text can be seen. */
export async function seeText(page: Page, text: string | RegExp): Promise<void> {
  await page.getByText(text).filter({ visible: true }).first().waitFor();
}

/** Waits until the run of the page is in a state, as its title says. */
export async function seeRunState(page: Page, word: string): Promise<void> {
  await page.locator('.run-title h1 .state', { hasText: word }).waitFor();
}

export function expectNoComplaints({ complaints }: View): void {
  expect(complaints).toEqual([]);
}

/** The keyboard: palette, shortcuts, focus. */
import { expect, test } from 'vitest';
import type { Locator } from 'playwright-core';
import type { Prepared } from './prepare.ts';
import { seeText, type View } from './view.ts';

const hasFocus = (element: Locator) =>
  element.evaluate((found) => found === document.activeElement);

export function keyboardCases(view: () => View, runs: () => Prepared): void {
  test('goes anywhere by some letters of its name', async () => {
    const { page, open } = view();
    await open('/');
    await seeText(page, 'Needs you');
    await page.keyboard.press('Control+k');
    await page.getByRole('option', { name: /Overview/ }).waitFor();
    await page.keyboard.type('revnue');
    await page
      .getByRole('option', { name: /^revenue/ })
      .first()
      .waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/workflows/revenue');
  });

  test('has a key for every page, and shows which', async () => {
    const { page, open } = view();
    await open('/settings');
    await seeText(page, 'Look');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.waitForURL('**/runs');
    await page.locator('[data-row]').first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/runs/*');
  });

  test('shows where the focus is', async () => {
    const { page, open } = view();
    await open('/workflows');
    await page.locator('[data-row]').first().waitFor();
    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: 'Skip to the content' });
    expect(await skip.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press('Tab');
    const outline = await page.evaluate(() => {
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement!);
      return `${outlineStyle} ${outlineWidth}`;
    });
    expect(outline).toBe('solid 2px');
  });

  test('goes to the open task and back, and loses the focus to nobody', async () => {
    const { page, open } = view();
    await open(`/runs/${runs().good.runId}?task=totals`);
    const panel = page.getByRole('complementary', { name: 'Task totals' });
    await panel.waitFor();
    await page.locator('.node[data-task="totals"]').waitFor();
    await page.keyboard.press('p');
    expect(await hasFocus(panel)).toBe(true);
    await page.keyboard.press('p');
    const node = page.locator('button[data-task="totals"]').first();
    expect(await hasFocus(node)).toBe(true);
    await panel.getByRole('button', { name: 'Close the task' }).focus();
    await page.keyboard.press('Enter');
    await panel.waitFor({ state: 'detached' });
    expect(await hasFocus(node)).toBe(true);
  });

  test('says to readers of the screen which page has come, and begins there', async () => {
    const { page, open } = view();
    await open('/runs?workflow=broken');
    await page.locator('[data-row]').first().focus();
    await page.keyboard.press('Enter');
    await page
      .getByRole('status')
      .getByText('failed · broken · Floe')
      .waitFor({ state: 'attached' });
    expect(await hasFocus(page.locator('#content'))).toBe(true);
  });

  test('keeps what is told by colour where colours are forced', async () => {
    const { page, open } = view();
    await page.emulateMedia({ forcedColors: 'active' });
    await open('/');
    await page.locator('.day-bar span').first().waitFor({ state: 'attached' });
    const colours = await page
      .locator('.day-bar span')
      .evaluateAll((bars) => bars.map((bar) => getComputedStyle(bar).backgroundColor));
    expect(new Set(colours).size).toBe(3);
    await page.emulateMedia({ forcedColors: 'none' });
  });

  test('keeps filters in the address, and goes back to them', async () => {
    const { page, open } = view();
    await open('/runs?workflow=broken&state=failed');
    await seeText(page, 'numbers:');
    expect(await page.locator('.runs tbody tr').count()).toBe(1);
    await page.locator('[data-row]').first().click();
    await page.waitForURL('**/runs/*');
    await page.goBack();
    await page.waitForURL('**/runs?workflow=broken&state=failed');
  });
}

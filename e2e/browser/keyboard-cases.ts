/** The keyboard: palette, shortcuts, focus. */
import { expect, test } from 'vitest';
import { seeText, type View } from './view.ts';

export function keyboardCases(view: () => View): void {
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

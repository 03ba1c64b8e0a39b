/** The editor of the document, as a hand uses it. */
import { test } from 'vitest';
import type { Page } from 'playwright-core';
import { seeText, type View } from './view.ts';

export function editorCases(view: () => View): void {
  test('offers what fits, shows what is wrong in its place, and applies', async () => {
    const page = await openAnew(view(), '/edit');
    await seeText(page, 'No problems');
    await putAtEnd(page, '  sum:\n    ty');
    await page.locator('.cm-tooltip-autocomplete').getByText('type', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.type('pe: expression_transfrom\n');
    await page.locator('.cm-lintRange-error').first().waitFor();
    await page.locator('.problems').getByText('expression_transform').first().waitFor();
    await replaceAll(
      page,
      'name: from-console\ntasks:\n  one: { type: noop }\n  two: { type: noop, needs: [one] }\n',
    );
    await seeText(page, 'No problems');
    await page.locator('.node', { hasText: 'two' }).waitFor();
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.waitForURL('**/workflows/from-console');
    await seeText(page, '@1');
  });

  test('knows the names of Polars and the columns of tasks', async () => {
    const page = await openAnew(view(), '/edit/revenue');
    await seeText(page, 'No problems');
    await page.locator('.cm-line', { hasText: 'group_by' }).click();
    await page.keyboard.press('End');
    await page.keyboard.type('.sor');
    await page
      .locator('.cm-tooltip-autocomplete')
      .getByText('sort', { exact: true })
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.type('t(pl.col("reg');
    await page.locator('.cm-tooltip-autocomplete').getByText('region').waitFor();
  });

  test('knows the task types that packages bring, and says what words mean', async () => {
    const page = await openAnew(view(), '/edit');
    await seeText(page, 'No problems');
    await putAtEnd(page, '  checked:\n    type: acm');
    const offered = page.locator('.cm-tooltip-autocomplete');
    await offered.getByText('acme_check_iban').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.type('e_check_iban\ncolu');
    await offered.getByText('column', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.type('mn: iban');
    await page.locator('.cm-line', { hasText: 'column:' }).getByText('column').hover();
    await seeText(page, 'The column that holds the account numbers.');
  });
}

/** Without what an earlier case, or an earlier try of this one, has left unapplied. */
async function openAnew({ page, open }: View, path: string): Promise<Page> {
  await open('/settings');
  await page.evaluate(() => sessionStorage.clear());
  await open(path);
  return page;
}

async function putAtEnd(page: Page, text: string): Promise<void> {
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.insertText(text.slice(0, -1));
  // The last letter as a key, for only what is typed is completed.
  await page.keyboard.type(text.slice(-1));
}

async function replaceAll(page: Page, text: string): Promise<void> {
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
}

/** A token that counts no more while pages are open: they wait for another one, and nothing is lost. */
import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import type { TestFloe } from '../support/test-floe.ts';
import { violations } from './page-cases.ts';
import { openView, seeRunState, seeText, WAIT_MS, type View } from './view.ts';

// The gateway asks who holds its streams with each heartbeat, every ten seconds.
const STREAM_WAIT_MS = 4 * WAIT_MS;

// A case that is tried again must not find its name taken.
const anew = (name: string) => `${name}-${crypto.randomUUID().slice(0, 8)}`;

export function sessionCases(view: () => View, floe: () => TestFloe): void {
  test('asks for another token over the page that is open, and goes on where it was', async () => {
    const { client, endpoints } = floe();
    const revoked = await client.createToken({ name: anew('gone'), scope: 'run' });
    const next = await client.createToken({ name: anew('next'), scope: 'run' });
    const { run } = await client.startRun({ workflowName: 'ask' });
    await using context = await view().page.context().browser()!.newContext();
    const watched = await openWith(context, {
      endpoints,
      token: revoked.secret,
      path: `/runs/${run.runId}?task=ask`,
    });
    const written = await openWith(context, {
      endpoints,
      token: revoked.secret,
      path: '/edit/revenue',
    });
    await watched.getByRole('button', { name: 'Approve' }).waitFor();
    await seeText(written, 'No problems');
    await client.revokeToken(revoked.token.tokenId);

    await written.locator('.cm-content').click();
    await written.keyboard.press('Control+Home');
    await written.keyboard.type('# not stored yet\n');
    const dialog = written.getByRole('dialog', { name: 'Sign in again' });
    await dialog.getByText(`The token ${revoked.token.name} was revoked.`).waitFor();
    expect(await violations(written)).toEqual([]);
    await written.keyboard.press('Escape');
    await seeText(written, 'You are signed out.');
    await written.getByRole('button', { name: 'Sign in again' }).click();
    await answer(written, revoked.secret);
    await dialog.getByRole('alert').getByText('was revoked').waitFor();
    await answer(written, next.secret);
    await dialog.waitFor({ state: 'detached' });
    await seeText(written, 'No problems');
    expect(await written.locator('.cm-line').first().textContent()).toBe('# not stored yet');

    await written.reload();
    await seeText(written, 'This is what you had written and not applied.');
    await seeText(written, '# not stored yet');
    await written.getByRole('button', { name: 'Begin anew' }).click();
    await written
      .locator('.cm-line', { hasText: '# not stored yet' })
      .waitFor({ state: 'detached' });

    const asked = watched.getByRole('dialog', { name: 'Sign in again' });
    await asked.waitFor({ timeout: STREAM_WAIT_MS });
    await answer(watched, next.secret);
    await watched.getByRole('button', { name: 'Approve' }).click();
    await seeRunState(watched, 'succeeded');
  });

  test('asks for a token before anything else, and keeps the address', async () => {
    const { client, endpoints } = floe();
    const { secret } = await client.createToken({ name: anew('first'), scope: 'read' });
    await using context = await view().page.context().browser()!.newContext();
    const page = await openWith(context, {
      endpoints,
      token: `floe_${'0'.repeat(49)}`,
      path: '/runs?state=failed',
    });
    await seeText(page, 'This Floe asks for a token');
    expect(await violations(page)).toEqual([]);
    await answer(page, secret);
    await seeText(page, 'broken');
    expect(new URL(page.url()).search).toBe('?state=failed');
  });
}

type Opened = {
  readonly endpoints: TestFloe['endpoints'];
  readonly token: string;
  readonly path: string;
};

/** A tab of somebody who has signed in before. */
async function openWith(
  context: Parameters<typeof openView>[0],
  { endpoints, token, path }: Opened,
): Promise<Page> {
  const { page, open } = await openView(context, endpoints.gateway);
  await open('/settings');
  await page.evaluate((own) => sessionStorage.setItem('floe.token', own), token);
  await open(path);
  return page;
}

async function answer(page: Page, token: string): Promise<void> {
  await page.getByLabel('Token', { exact: true }).fill(token);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

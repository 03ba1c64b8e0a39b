import { composeMessage, type NoticeFacts, PLACEHOLDERS } from '@floe/notification';
import { expect, test } from 'vitest';
import { openMailer } from '../src/mail.ts';
import { startMailReceiver } from './mail-receiver.ts';

const FROM = 'Floe <floe@example.com>';

const NOTHING = Object.fromEntries(
  Object.keys(PLACEHOLDERS).map((name) => [name, '']),
) as NoticeFacts;

function aMessage(error: string, subject?: string) {
  const facts = { ...NOTHING, 'workflow.name': 'flights', 'run.error': error };
  const channel = { kind: 'email', to: [] } as const;
  const rule = { name: 'r', on: ['failed'], channel, ...(subject && { subject }) } as const;
  return composeMessage('m-1', [{ noticeId: 'm-1', event: 'failed', rule, facts }]);
}

test('a mail arrives with an id of its own, as text and as HTML', async () => {
  await using receiver = await startMailReceiver();
  const mailer = openMailer({ url: receiver.url, from: FROM });
  const to = ['a@example.com', 'b@example.com'];
  expect(await mailer.send(aMessage('1 < 2'), to)).toEqual({ kind: 'delivered' });
  const [mail] = receiver.mails;
  expect(mail!.to).toEqual(to);
  expect(mail!.raw).toContain('Subject: flights failed');
  expect(mail!.raw).toContain('Message-ID: <m-1@example.com>');
  expect(mail!.raw).toContain('Auto-Submitted: auto-generated');
  expect(mail!.raw).toContain('Error: 1 < 2');
  expect(mail!.raw).toContain('Error: 1 &lt; 2');
});

test('what went wrong in a run becomes neither a header nor a recipient nor HTML (M2)', async () => {
  await using receiver = await startMailReceiver();
  const mailer = openMailer({ url: receiver.url, from: FROM });
  const evil =
    'x\r\nBcc: evil@example.com\r\n\r\n.\r\nRCPT TO:<evil@example.com>\r\n<script>1</script>';
  await mailer.send(aMessage(evil, '${{ run.error }}'), ['a@example.com']);
  expect(receiver.mails).toHaveLength(1);
  const { to, raw } = receiver.mails[0]!;
  expect(to).toEqual(['a@example.com']);
  const headers = raw.slice(0, raw.indexOf('\r\n\r\n')).replaceAll(/\r\n[ \t]/g, ' ');
  expect(headers).not.toMatch(/^Bcc:/im);
  expect(headers).toContain('Subject: x Bcc: evil@example.com . RCPT TO:<evil@example.com>');
  expect(raw.slice(raw.indexOf('text/html'))).not.toContain('<script>');
});

test.each([
  ['recipient', 550, 'refused'],
  ['recipient', 450, 'unavailable'],
  ['mail', 554, 'refused'],
  ['mail', 451, 'unavailable'],
] as const)('a %s answered with %i is %s', async (stage, code, kind) => {
  await using receiver = await startMailReceiver((at) => (at === stage ? code : undefined));
  const mailer = openMailer({ url: receiver.url, from: FROM });
  expect(await mailer.send(aMessage('x'), ['a@example.com'])).toMatchObject({ kind });
});

test('a server that is away is unavailable, and its password is in no problem', async () => {
  const receiver = await startMailReceiver();
  await receiver[Symbol.asyncDispose]();
  const url = receiver.url.replace('smtp://', 'smtp://floe:hunter2@');
  const outcome = await openMailer({ url, from: FROM }).send(aMessage('x'), ['a@example.com']);
  expect(outcome).toMatchObject({ kind: 'unavailable' });
  expect(JSON.stringify(outcome)).not.toContain('hunter2');
});

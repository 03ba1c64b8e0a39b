import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { composeMessage, type NoticeFacts, PLACEHOLDERS } from '@floe/notification';
import { expect, test } from 'vitest';
import { isTlsRequired, openMailer } from '../src/mail.ts';
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

test.each([
  [550, { kind: 'delivered', problem: expect.stringContaining('b@example.com: 550') }],
  [
    450,
    { kind: 'unavailable', owedTo: ['b@example.com'], problem: expect.stringContaining('450') },
  ],
] as const)(
  'one of two recipients answered with %i: the other has it (M5)',
  async (code, outcome) => {
    await using receiver = await startMailReceiver((_, address) =>
      address === 'b@example.com' ? code : undefined,
    );
    const mailer = openMailer({ url: receiver.url, from: FROM });
    const to = ['a@example.com', 'b@example.com'];
    expect(await mailer.send(aMessage('x'), to)).toEqual(outcome);
    expect(receiver.mails.map((mail) => mail.to)).toEqual([['a@example.com']]);
  },
);

/** A server that says what it is told to, and hears what it is told. */
async function startTalker(answer: (line: string) => string | undefined) {
  const lines: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.write('220 here\r\n');
    socket.on('data', (data: Buffer) => {
      for (const line of data.toString().split('\r\n').slice(0, -1)) {
        lines.push(line);
        const said = answer(line);
        if (said !== undefined) socket.write(`${said}\r\n`);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    lines,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

test.each([
  ['does not offer STARTTLS', '250 AUTH PLAIN LOGIN'],
  ['refuses STARTTLS', '250-STARTTLS\r\n250 AUTH PLAIN LOGIN'],
])('a server that %s gets neither password nor mail (M4)', async (_, offers) => {
  await using talker = await startTalker((line) =>
    line.startsWith('EHLO') ? offers : line === 'STARTTLS' ? '454 not now' : '250 ok',
  );
  const url = `smtp://floe:hunter2@127.0.0.1:${talker.port}?requireTLS=true`;
  const outcome = await openMailer({ url, from: FROM }).send(aMessage('x'), ['a@example.com']);
  expect(outcome).toMatchObject({
    kind: 'unavailable',
    problem: expect.stringContaining('STARTTLS'),
  });
  expect(talker.lines.filter((line) => /^(?:AUTH|MAIL)/.test(line))).toEqual([]);
});

test('a server of another machine must offer TLS before it is told a password (M4)', () => {
  expect(isTlsRequired('smtp://floe:hunter2@mail.example.com:587')).toBe(true);
  expect(isTlsRequired('smtp://floe:hunter2@mail.example.com:587?requireTLS=false')).toBe(false);
  expect(isTlsRequired('smtp://mail.example.com')).toBe(false);
  expect(isTlsRequired('smtp://floe:hunter2@localhost:1025')).toBe(false);
  expect(isTlsRequired('smtps://floe:hunter2@mail.example.com')).toBe(false);
});

test('a server that hangs in the middle ends the try (M3)', async () => {
  await using talker = await startTalker((line) =>
    /^(?:EHLO|MAIL)/.test(line) ? '250 ok' : undefined,
  );
  const url = `smtp://127.0.0.1:${talker.port}`;
  const mailer = openMailer({ url, from: FROM, withinMs: 300 });
  const outcome = await mailer.send(aMessage('x'), ['a@example.com']);
  expect(outcome).toEqual({ kind: 'unavailable', problem: 'the mail server: not done in time' });
});

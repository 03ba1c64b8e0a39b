/** Who is told: a web server that answers when and how the test says, and a mail server. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export type HookRequest = {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: HookBody;
};

export type HookBody = {
  readonly id: string;
  readonly event: string;
  readonly count: number;
  readonly subject: string;
  readonly notices: readonly { readonly run: Readonly<Record<string, string>> }[];
};

export class HookServer implements AsyncDisposable {
  readonly requests: HookRequest[] = [];
  /** What the next requests are answered; undefined: nothing, for ever. */
  answer: number | undefined = 204;
  /** Paths whose requests wait for their answer until they are released. */
  readonly held = new Set<string>();
  readonly #waiting: (() => void)[] = [];
  readonly #server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (text += chunk));
    request.on('end', () =>
      this.#take({ headers: request.headers, url: request.url }, text, response),
    );
  });

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Those for a workflow, by its path. */
  bodies(subject: string): readonly HookBody[] {
    return this.requests.map(({ body }) => body).filter((body) => body.subject.includes(subject));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  release(): void {
    this.held.clear();
    for (const answer of this.#waiting.splice(0)) answer();
  }

  #take(
    { headers, url = '' }: { headers: IncomingHttpHeaders; url?: string | undefined },
    text: string,
    response: ServerResponse,
  ): void {
    this.requests.push({ headers, text, body: JSON.parse(text) as HookBody });
    const answer = () => {
      if (this.answer !== undefined) response.writeHead(this.answer).end();
    };
    if (this.held.has(url)) this.#waiting.push(answer);
    else answer();
  }
}

export type ReceivedMail = { readonly to: readonly string[]; readonly raw: string };

export class MailServer implements AsyncDisposable {
  readonly mails: ReceivedMail[] = [];
  /** A code that mails are refused with. */
  refusal: number | undefined;
  /** Codes that recipients are refused with. */
  readonly refusals = new Map<string, number>();
  readonly #server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onRcptTo: ({ address }, _session, callback) => {
      const responseCode = this.refusals.get(address);
      const refusal = Object.assign(new Error('not you'), { responseCode });
      callback(responseCode === undefined ? null : refusal);
    },
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const responseCode = this.refusal;
        if (responseCode !== undefined)
          return callback(Object.assign(new Error('not now'), { responseCode }));
        const to = session.envelope.rcptTo.map(({ address }) => address);
        this.mails.push({ to, raw: Buffer.concat(chunks).toString('utf8') });
        callback(null);
      });
    },
  });

  async listen(): Promise<string> {
    // A client that is killed breaks its connection.
    this.#server.on('error', () => undefined);
    const server = this.#server.listen(0, '127.0.0.1');
    if (!server.listening) await once(server, 'listening');
    return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }
}

/**
 * Answers of a server of somebody else, written down once and given again: a page can then be tried without that server.
 *
 *   node e2e/support/recorded-server.ts http://127.0.0.1:4200 4210 e2e/recorded/prefect.json
 *
 * writes down what the first address answers to whoever asks port 4210, until Ctrl-C.
 */
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export type RecordedAnswer = {
  readonly method: string;
  readonly path: string;
  /** The JSON that was sent; null for none. */
  readonly body: unknown;
  readonly status: number;
  readonly answer: unknown;
};

type Question = Pick<RecordedAnswer, 'method' | 'path' | 'body'>;

async function questionOf(request: IncomingMessage): Promise<Question> {
  const sent = await text(request);
  const body: unknown = sent === '' ? null : JSON.parse(sent);
  return { method: request.method ?? '', path: request.url ?? '', body };
}

function keyOf({ method, path, body }: Question): string {
  return `${method} ${path} ${JSON.stringify(body)}`;
}

export type AnsweringServer = AsyncDisposable & { readonly port: number };

/** Gives what was written down, at a port that was free. What nobody has asked then is answered with 404. */
export async function startRecordedServer(path: string): Promise<AnsweringServer> {
  const recorded = JSON.parse(await readFile(path, 'utf8')) as readonly RecordedAnswer[];
  const answers = new Map(recorded.map((each) => [keyOf(each), each]));
  return listen(0, async (question) => {
    const found = answers.get(keyOf(question));
    return found ?? { ...question, status: 404, answer: `nobody has asked ${keyOf(question)}` };
  });
}

async function listen(
  port: number,
  answer: (question: Question) => Promise<RecordedAnswer>,
): Promise<AnsweringServer> {
  const server = createServer((request, response) => {
    const answered = questionOf(request).then(answer);
    answered.then(
      ({ status, answer: said }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(said));
      },
      (thrown: unknown) => response.destroy(new Error('no answer', { cause: thrown })),
    );
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function record(from: string, port: number, into: string): Promise<void> {
  const recorded = new Map<string, RecordedAnswer>();
  await listen(port, async (question) => {
    const response = await fetch(`${from}${question.path}`, {
      method: question.method,
      headers: { 'content-type': 'application/json' },
      ...(question.body === null ? {} : { body: JSON.stringify(question.body) }),
    });
    const found = { ...question, status: response.status, answer: await response.json() };
    recorded.set(keyOf(question), found);
    await writeFile(into, `${JSON.stringify([...recorded.values()], undefined, 1)}\n`);
    return found;
  });
}

if (import.meta.main) {
  const [from = '', port = '', into = ''] = process.argv.slice(2);
  await record(from, Number(port), into);
}

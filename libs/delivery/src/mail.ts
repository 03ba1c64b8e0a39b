/**
 * Mail, over one SMTP server that the operator names.
 *
 *   M1. Every try of a message has the same Message-ID: servers and readers drop doubles by it.
 *   M2. Nothing of a message can become a header or a recipient: the recipients were checked when their rule was applied,
 *       the subject has no control characters, and files and addresses are never fetched into it.
 *   M3. A try ends within SEND_WITHIN_MS, however slowly the server answers.
 *   M4. A password goes over TLS only: where the server offers no STARTTLS, or refuses it, nothing is sent. Loopback is no network.
 *   M5. Who took a mail is not sent it again for the sake of those who did not.
 */
import { hostname } from 'node:os';
import { createTransport } from 'nodemailer';
import type { Message } from '@floe/notification';
import { DELIVERED, deliveredExcept, owed, refused, unavailable, type Outcome } from './outcome.ts';

export type Mailer = {
  /** Tries once. Does not throw. */
  send(message: Message, to: readonly string[]): Promise<Outcome>;
  close(): void;
};

export type MailerOptions = {
  /** `smtp://user:password@host:587` or `smtps://...`. */
  readonly url: string;
  readonly from: string;
  /** 15 s when absent. */
  readonly withinMs?: number;
};

// A server that answers slower than this is overloaded, and trying again later is what it needs.
const CONNECT_WITHIN_MS = 5_000;
const SILENT_MS_MAX = 10_000;
// The whole of it: each of fifty recipients may be answered just before SILENT_MS_MAX.
const SEND_WITHIN_MS = 15_000;

export function openMailer({ url, from, withinMs = SEND_WITHIN_MS }: MailerOptions): Mailer {
  const transport = createTransport(
    {
      url,
      connectionTimeout: CONNECT_WITHIN_MS,
      greetingTimeout: CONNECT_WITHIN_MS,
      socketTimeout: SILENT_MS_MAX,
      requireTLS: isTlsRequired(url),
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from },
  );
  return {
    async send(message, to) {
      try {
        const { rejectedErrors } = await transport.sendMail({
          signal: AbortSignal.timeout(withinMs),
          to: [...to],
          subject: message.subject,
          text: message.text,
          html: message.html,
          messageId: messageIdOf(message.id, from),
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Floe-Event': message.body.event },
        });
        return judgeRefusals(rejectedErrors ?? []);
      } catch (thrown) {
        return judge(thrown);
      }
    },
    close: () => transport.close(),
  };
}

/** M4; `?requireTLS=` of the address wins. */
export function isTlsRequired(address: string): boolean {
  const { protocol, username, hostname: host, searchParams } = new URL(address);
  const wish = searchParams.get('requireTLS');
  if (wish !== null) return wish === 'true';
  const isLoopback = host === 'localhost' || host === '[::1]' || host.startsWith('127.');
  return protocol === 'smtp:' && username !== '' && !isLoopback;
}

type Refusal = {
  readonly recipient?: string | undefined;
  readonly responseCode?: number | undefined;
  readonly response?: string | undefined;
  readonly message: string;
};

/** M5 */
function judgeRefusals(refusals: readonly Refusal[]): Outcome {
  if (refusals.length === 0) return DELIVERED;
  const each = refusals.map(
    ({ recipient, response, message }) => `${recipient}: ${response ?? message}`,
  );
  const problem = `the mail server took it for others, but not for ${each.join('; ')}`;
  const later = refusals.filter(({ responseCode = 0 }) => responseCode < 500);
  if (later.length === 0) return deliveredExcept(problem);
  return owed(
    later.flatMap(({ recipient }) => recipient ?? []),
    problem,
  );
}

function messageIdOf(id: string, from: string): string {
  const domain = /@([a-z0-9.-]+)/i.exec(from)?.[1] ?? hostname();
  return `<${id}@${domain}>`;
}

/** An answer of 5xx to the message or its recipients stays what it is; one to the login may be mended meanwhile. */
function judge(thrown: unknown): Outcome {
  const { code, responseCode, message } = thrown as {
    readonly code?: string;
    readonly responseCode?: number;
    readonly message?: string;
  };
  const isSlow = code === 'EABORT';
  const problem = `the mail server: ${isSlow ? 'not done in time' : (message ?? String(thrown))}`;
  const isAboutMessage = code === 'EENVELOPE' || code === 'EMESSAGE';
  return isAboutMessage && (responseCode ?? 0) >= 500 ? refused(problem) : unavailable(problem);
}

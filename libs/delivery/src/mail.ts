/**
 * Mail, over one SMTP server that the operator names.
 *
 *   M1. Every try of a message has the same Message-ID: servers and readers drop doubles by it.
 *   M2. Nothing of a message can become a header or a recipient: the recipients were checked when their rule was applied,
 *       the subject has no control characters, and files and addresses are never fetched into it.
 *   M3. Every wait ends.
 */
import { hostname } from 'node:os';
import { createTransport } from 'nodemailer';
import type { Message } from '@floe/notification';
import { DELIVERED, refused, unavailable, type Outcome } from './outcome.ts';

export type Mailer = {
  /** Tries once. Does not throw. */
  send(message: Message, to: readonly string[]): Promise<Outcome>;
  close(): void;
};

export type MailerOptions = {
  /** `smtp://user:password@host:587` or `smtps://...`. */
  readonly url: string;
  readonly from: string;
};

// A server that answers slower than this is overloaded, and trying again later is what it needs.
const CONNECT_WITHIN_MS = 5_000;
const SILENT_MS_MAX = 10_000;

export function openMailer({ url, from }: MailerOptions): Mailer {
  const transport = createTransport(
    {
      url,
      connectionTimeout: CONNECT_WITHIN_MS,
      greetingTimeout: CONNECT_WITHIN_MS,
      socketTimeout: SILENT_MS_MAX,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from },
  );
  return {
    async send(message, to) {
      try {
        await transport.sendMail({
          to: [...to],
          subject: message.subject,
          text: message.text,
          html: message.html,
          messageId: messageIdOf(message.id, from),
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Floe-Event': message.body.event },
        });
        return DELIVERED;
      } catch (thrown) {
        return judge(thrown);
      }
    },
    close: () => transport.close(),
  };
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
  const problem = `the mail server: ${message ?? String(thrown)}`;
  const isAboutMessage = code === 'EENVELOPE' || code === 'EMESSAGE';
  return isAboutMessage && (responseCode ?? 0) >= 500 ? refused(problem) : unavailable(problem);
}

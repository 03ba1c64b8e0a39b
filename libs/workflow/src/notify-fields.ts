import { NOTICE_EVENTS } from '@floe/notification';
import { z } from 'zod';
import { resourceNameField } from './document-schema-parts.ts';
import { durationField } from './duration-field.ts';
import {
  LATE_AFTER_MS_MAX,
  LATE_AFTER_MS_MIN,
  NOTICE_SUBJECT_LENGTH_MAX,
  NOTICE_TEXT_LENGTH_MAX,
  RECIPIENT_COUNT_MAX,
} from './limits.ts';

/** Reference to a secret: the same as that of a connection. */
const SECRET_REFERENCE = /^(?:env:[A-Za-z_][A-Za-z0-9_]*|file:\/[^\0]{1,1000})$/;
const SECRET_RULE = 'a secret is named, not written: env:NAME or file:/absolute/path';

// One address and nothing that a mail server could read as another, as a name, or as a second header.
const MAIL_ADDRESS = /^[^\s@<>(),;:"\\[\]\p{C}]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/iu;
const MAIL_RULE = 'one mail address, like team@example.com, without a name around it';

// Subjects of Floe itself and of NATS would be mistaken for theirs.
const NATS_SUBJECT = /^(?!floe(?:\.|$))[A-Za-z0-9][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*$/;
const NATS_RULE =
  'a subject is words of letters, digits, _ and - with dots between them, and does not begin with floe';
const NATS_SUBJECT_LENGTH_MAX = 200;

// Longer ones are cut by what stands on the way.
const URL_LENGTH_MAX = 2_048;

const webhookField = z
  .string()
  .max(URL_LENGTH_MAX)
  .refine((text) => SECRET_REFERENCE.test(text) || isWebAddress(text), {
    error: 'an address begins with https:// or http://, or is named as a secret: env:NAME',
    abort: true,
  })
  .refine((text) => !holdsPassword(text), {
    error: 'an address holds no user and password',
    params: { hint: 'Name the whole address as a secret: `webhook: env:NAME`.' },
  });

function isWebAddress(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && ['http:', 'https:'].includes(url.protocol);
}

function holdsPassword(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && (url.username !== '' || url.password !== '');
}

const oneLine = /^[^\p{Cc}]*$/u;

/** One entry of `notify`. */
export const notifyFields = z.strictObject({
  name: resourceNameField()
    .optional()
    .describe('What it is called in the list of what was sent. By default its place in the list.'),
  on: z
    .array(z.enum(NOTICE_EVENTS))
    .min(1)
    .describe(
      'What is told. `failed`: also when it took too long. `recovered`: the first success after a failure.',
    ),
  late_after: durationField({ minMs: LATE_AFTER_MS_MIN, maxMs: LATE_AFTER_MS_MAX })
    .optional()
    .describe(
      'With `late`: how long after it was due or asked for a run must have ended. A slot of a schedule that nothing started is late too.',
    ),
  webhook: webhookField
    .optional()
    .describe('An https address that gets a signed POST with JSON; or env:NAME, a secret with it.'),
  secret: z
    .string()
    .regex(SECRET_REFERENCE, { error: SECRET_RULE })
    .optional()
    .describe('With `webhook`: the key of its signature, as env:NAME or file:/path.'),
  email: z
    .array(z.string().regex(MAIL_ADDRESS, { error: MAIL_RULE }))
    .min(1)
    .max(RECIPIENT_COUNT_MAX)
    .optional()
    .describe('In place of webhook: mail addresses.'),
  nats: z
    .string()
    .max(NATS_SUBJECT_LENGTH_MAX)
    .regex(NATS_SUBJECT, { error: NATS_RULE })
    .optional()
    .describe('In place of webhook: a subject of NATS.'),
  subject: z
    .string()
    .max(NOTICE_SUBJECT_LENGTH_MAX)
    .regex(oneLine, { error: 'must be one line' })
    .optional()
    .describe('Its heading, with placeholders like ${{ workflow.name }}.'),
  text: z
    .string()
    .max(NOTICE_TEXT_LENGTH_MAX)
    .optional()
    .describe('Its words, with placeholders like ${{ run.error }} and ${{ run.url }}.'),
});

export type NotifyFields = z.output<typeof notifyFields>;

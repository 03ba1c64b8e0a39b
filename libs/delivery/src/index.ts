export { openMailer } from './mail.ts';
export type { Mailer } from './mail.ts';
export { refused, unavailable } from './outcome.ts';
export type { Outcome } from './outcome.ts';
export { postWebhook, signatureOf } from './webhook.ts';
export type { Webhook, WebhookOptions } from './webhook.ts';

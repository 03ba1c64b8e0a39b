/** One message of one or many notices, in the forms that the channels need. Values never change its shape. */
import type { Notice, NoticeFacts } from './notice.ts';
import type { PlaceholderValues } from './placeholders.ts';
import { NOTICE_EVENTS, type NoticeEvent } from './rule.ts';
import { readTemplate, renderTemplate } from './template.ts';
import { defaultSubject, defaultText, happened } from './words.ts';

export type Message = {
  /** The same for each try: receivers drop doubles by it. */
  readonly id: string;
  /** One line, without control characters. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** What programs get. */
  readonly body: MessageBody;
};

export type MessageBody = {
  readonly id: string;
  readonly event: NoticeEvent | 'several';
  /** How many notices this one stands for. */
  readonly count: number;
  readonly subject: string;
  readonly text: string;
  /** The first ones. */
  readonly notices: readonly {
    readonly event: NoticeEvent;
    readonly workflow: Readonly<Record<string, string>>;
    readonly run: Readonly<Record<string, string>>;
  }[];
};

// Who wants to know of each looks at the list of runs.
const LISTED_MAX = 20;
// A mail server may refuse longer lines, and nobody reads them.
const SUBJECT_LENGTH_MAX = 250;

export function composeMessage(id: string, notices: readonly Notice[]): Message {
  const [only] = notices;
  const words = notices.length === 1 ? wordsOf(only!) : summaryOf(notices);
  const subject = oneLine(words.subject).slice(0, SUBJECT_LENGTH_MAX);
  const events = new Set(notices.map(({ event }) => event));
  return {
    id,
    subject,
    text: words.text,
    html: htmlOf(words.text),
    body: {
      id,
      event: events.size === 1 ? only!.event : 'several',
      count: notices.length,
      subject,
      text: words.text,
      notices: notices.slice(0, LISTED_MAX).map(({ event, facts }) => ({
        event,
        ...structured(facts),
      })),
    },
  };
}

type Words = { readonly subject: string; readonly text: string };

function wordsOf({ event, rule, facts }: Notice): Words {
  const values: PlaceholderValues = { ...facts, event, count: '1' };
  return {
    subject: render(rule.subject, values, oneLine) ?? defaultSubject(event, facts),
    text: render(rule.text, values) ?? defaultText(event, facts),
  };
}

/** Undefined where the rule has no words; those of a stored rule were checked when it was applied. */
function render(
  text: string | undefined,
  values: PlaceholderValues,
  escape?: (value: string) => string,
): string | undefined {
  if (text === undefined) return undefined;
  const reading = readTemplate(text);
  return reading.kind === 'template' ? renderTemplate(reading.template, values, escape) : undefined;
}

function summaryOf(notices: readonly Notice[]): Words {
  const counts = NOTICE_EVENTS.map((event) => ({
    event,
    count: notices.filter((notice) => notice.event === event).length,
  })).filter(({ count }) => count > 0);
  const parts = counts.map(({ event, count }) => `${count} ${event}`).join(', ');
  const lines = notices.slice(0, LISTED_MAX).map(({ event, facts }) => {
    const error = facts['run.error'] === '' ? '' : `: ${oneLine(facts['run.error'])}`;
    return `- ${facts['workflow.name']} ${happened(event)}${error} ${facts['run.url']}`.trimEnd();
  });
  const rest = notices.length - lines.length;
  if (rest > 0) lines.push(`- and ${rest} more`);
  const text = `${notices.length} notices came at once, so they are one message.\n\n${lines.join('\n')}\n`;
  return { subject: `${notices.length} notices: ${parts}`, text };
}

/** `{ 'run.id': x }` as `{ run: { id: x } }`. */
function structured(facts: NoticeFacts) {
  const of = (group: string) =>
    Object.fromEntries(
      Object.entries(facts)
        .filter(([name]) => name.startsWith(`${group}.`))
        .map(([name, value]) => [name.slice(group.length + 1), value]),
    );
  return { workflow: of('workflow'), run: of('run') };
}

/** What could end a header and begin another one becomes a space. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}

function htmlOf(text: string): string {
  return `<pre style="font: inherit; white-space: pre-wrap">${escapeHtml(text)}</pre>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
}

import type { Violation } from '@floe/errors';
import { type Channel, type NoticeRule, PLACEHOLDERS, readTemplate } from '@floe/notification';
import { checkFields } from './check-fields.ts';
import { describeValue } from './describe-value.ts';
import { parseDurationMs } from './duration.ts';
import type { FieldPath } from './field-path.ts';
import { collectFindings, type Findings, nameHint } from './findings.ts';
import { isRecord } from './is-record.ts';
import { NOTICE_RULE_COUNT_MAX } from './limits.ts';
import { type NotifyFields, notifyFields } from './notify-fields.ts';
import { readDocument } from './read-document.ts';
import { readValue } from './read-value.ts';

/** The rules of a text that holds nothing else: a block with `notify`. Throws as `readWorkflow` does. */
export function readNoticeRules(text: string): {
  readonly rules: readonly NoticeRule[];
  readonly violations: readonly Violation[];
} {
  const root = readValue(readDocument(text));
  const findings = collectFindings(root);
  const fields = isRecord(root.value) ? root.value : {};
  const others = Object.keys(fields).filter((name) => name !== 'notify');
  for (const name of others) findings.addAtKey([name], `unknown field \`${name}\``);
  if (fields['notify'] === undefined) findings.add([], 'there is no `notify`');
  return { rules: parseNotify(findings, fields['notify'], ['notify']), violations: findings.all() };
}

const CHANNELS = ['webhook', 'email', 'nats'] as const;

/** A list of rules as `notify` of a document has it, in its order; those with errors are absent. */
export function parseNotify(
  findings: Findings,
  value: unknown,
  path: FieldPath,
): readonly NoticeRule[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    const hint = 'Write a list: `- { on: [failed], email: [team@example.com] }`.';
    findings.add(path, `must be a list, not ${describeValue(value)}`, { hint });
    return [];
  }
  if (value.length > NOTICE_RULE_COUNT_MAX) {
    findings.addAtKey(path, `${value.length} rules; at most ${NOTICE_RULE_COUNT_MAX} are allowed`);
    return [];
  }
  const rules = value.flatMap((entry: unknown, index) => {
    const place = [...path, index];
    const fields = checkFields(findings, notifyFields, { value: entry, path: place });
    return fields === undefined ? [] : parseRule(findings, fields, place);
  });
  refuseDoubleNames(findings, rules, path);
  return rules;
}

function parseRule(findings: Findings, fields: NotifyFields, path: FieldPath): NoticeRule[] {
  const channel = channelOf(findings, fields, path);
  checkLate(findings, fields, path);
  checkTemplate(findings, fields.subject, [...path, 'subject']);
  checkTemplate(findings, fields.text, [...path, 'text']);
  if (channel === undefined) return [];
  const { late_after: lateAfter, subject, text } = fields;
  return [
    {
      name: fields.name ?? `notify-${Number(path.at(-1)) + 1}`,
      on: [...new Set(fields.on)],
      ...(lateAfter !== undefined && { lateAfterMs: parseDurationMs(lateAfter)! }),
      channel,
      ...(subject !== undefined && { subject }),
      ...(text !== undefined && { text }),
    },
  ];
}

function channelOf(findings: Findings, fields: NotifyFields, path: FieldPath): Channel | undefined {
  const given = CHANNELS.filter((name) => fields[name] !== undefined);
  if (given.length !== 1) {
    const said = given.length === 0 ? 'says none' : `says ${given.join(' and ')}`;
    const hint = 'Write a rule for each way.';
    findings.add(path, `a rule has one of \`webhook\`, \`email\`, \`nats\`; this one ${said}`, {
      hint: given.length === 0 ? 'Like `email: [team@example.com]`.' : hint,
    });
    return undefined;
  }
  const { webhook, email, nats, secret } = fields;
  if (secret !== undefined && webhook === undefined) {
    findings.addAtKey([...path, 'secret'], '`secret` goes with `webhook` only');
  }
  if (webhook !== undefined)
    return { kind: 'webhook', url: webhook, ...(secret !== undefined && { secret }) };
  if (email !== undefined) return { kind: 'email', to: [...new Set(email)] };
  return { kind: 'nats', subject: nats! };
}

function checkLate(findings: Findings, { on, late_after: after }: NotifyFields, path: FieldPath) {
  if (on.includes('late') === (after !== undefined)) return;
  if (after !== undefined) {
    const hint = 'Add `late` to `on`, or remove it.';
    findings.addAtKey([...path, 'late_after'], '`late_after` goes with `late` only', hint);
    return;
  }
  const hint = 'Like `late_after: 30m`, counted from when it was due or asked for.';
  findings.add([...path, 'on'], '`late` needs `late_after`', { hint });
}

function checkTemplate(findings: Findings, text: string | undefined, path: FieldPath): void {
  if (text === undefined) return;
  const reading = readTemplate(text);
  if (reading.kind === 'template') return;
  const known = Object.keys(PLACEHOLDERS);
  const hint = nameHint(reading.name, known) ?? `Known: ${known.join(', ')}.`;
  findings.add(path, `\`${reading.name.slice(0, 60)}\` is no placeholder of a notice`, { hint });
}

function refuseDoubleNames(
  findings: Findings,
  rules: readonly NoticeRule[],
  path: FieldPath,
): void {
  const seen = new Set<string>();
  for (const [index, { name }] of rules.entries()) {
    if (seen.has(name)) {
      const hint = 'Give each a name of its own.';
      findings.add([...path, index, 'name'], `two rules are named \`${name}\``, { hint });
    }
    seen.add(name);
  }
}

import { expect, test } from 'vitest';
import { SOME_TASK_TYPES } from '../test/some-task-types.ts';
import { violationLines } from '../test/violations-of.ts';
import { parseWorkflow } from './parse-workflow.ts';

const aDocument = (rules: string) => `name: x\ntasks:\n  a: { type: noop }\nnotify:\n${rules}`;

const parse = (rules: string) =>
  parseWorkflow(aDocument(rules), { taskTypes: SOME_TASK_TYPES }).workflow.notify;
const linesOf = (rules: string) => violationLines(() => parse(rules));

test('reads every field into the normal form', () => {
  const rules = `  - name: page
    on: [failed, late, failed]
    late_after: 1h30m
    webhook: https://hooks.example.com/floe?team=a
    secret: env:HOOK_KEY
  - on: [succeeded]
    email: [a@example.com, "o'hara+floe@example.co.uk", a@example.com]
    subject: "\${{ workflow.name }}: \${{event}}"
    text: |
      It took \${{ run.duration }}.
  - { on: [recovered, cancelled], nats: team.flights }
  - { on: [failed], webhook: env:SLACK_URL }
`;
  expect(parse(rules)).toEqual([
    {
      name: 'page',
      on: ['failed', 'late'],
      lateAfterMs: 5_400_000,
      channel: {
        kind: 'webhook',
        url: 'https://hooks.example.com/floe?team=a',
        secret: 'env:HOOK_KEY',
      },
    },
    {
      name: 'notify-2',
      on: ['succeeded'],
      channel: { kind: 'email', to: ['a@example.com', "o'hara+floe@example.co.uk"] },
      subject: '${{ workflow.name }}: ${{event}}',
      text: 'It took ${{ run.duration }}.\n',
    },
    {
      name: 'notify-3',
      on: ['recovered', 'cancelled'],
      channel: { kind: 'nats', subject: 'team.flights' },
    },
    { name: 'notify-4', on: ['failed'], channel: { kind: 'webhook', url: 'env:SLACK_URL' } },
  ]);
});

test('a document without rules says nothing of them', () => {
  const { workflow } = parseWorkflow('name: x\ntasks:\n  a: { type: noop }\n', {
    taskTypes: SOME_TASK_TYPES,
  });
  expect(workflow).not.toHaveProperty('notify');
});

test.each([
  ['no list', '  on: [failed]\n', /^4:1\+6 notify: must be a list, not .* \| Write a list/],
  [
    'an unknown event',
    '  - { on: [fialed], email: [a@b.c] }\n',
    /^5:12\+6 notify\[0\]\.on\[0\]: the text "fialed" is not one of .* \| Did you mean `failed`\?$/,
  ],
  ['no event', '  - { on: [], email: [a@b.c] }\n', /notify\[0\]\.on: must have .*at least 1/],
  [
    'no way',
    '  - { on: [failed] }\n',
    /^5:\d+\+\d+ notify\[0\]: a rule has one of `webhook`, `email`, `nats`; this one says none/,
  ],
  [
    'two ways',
    '  - { on: [failed], nats: a.b, email: [a@b.c] }\n',
    /this one says email and nats \| Write a rule for each way/,
  ],
  [
    'a secret without a webhook',
    '  - { on: [failed], nats: a.b, secret: env:KEY }\n',
    /^5:32\+6 notify\[0\]\.secret: `secret` goes with `webhook` only/,
  ],
  [
    'a secret in the text',
    '  - { on: [failed], webhook: "https://a.b", secret: hunter2 }\n',
    /notify\[0\]\.secret: a secret is named, not written/,
  ],
  [
    'a password in the address',
    '  - { on: [failed], webhook: "https://u:p@a.b" }\n',
    /notify\[0\]\.webhook: an address holds no user and password \| Name the whole/,
  ],
  [
    'an address of another kind',
    '  - { on: [failed], webhook: "ftp://a.b" }\n',
    /notify\[0\]\.webhook: an address begins with https/,
  ],
  [
    'a header in a mail address',
    '  - { on: [failed], email: ["a@b.c\\nBcc: d@e.f"] }\n',
    /notify\[0\]\.email\[0\]: one mail address/,
  ],
  ['a list as a text', '  - { on: [failed], email: a@b.c }\n', /\| Write a list: \[a@b\.c\]/],
  [
    'a subject of Floe',
    '  - { on: [failed], nats: floe.events.x }\n',
    /notify\[0\]\.nats: a subject is words .* does not begin with floe$/,
  ],
  ['a wildcard', '  - { on: [failed], nats: "team.>" }\n', /notify\[0\]\.nats: a subject is words/],
  [
    'late without a time',
    '  - { on: [late], nats: a }\n',
    /^5:\d+\+\d+ notify\[0\]\.on: `late` needs `late_after` \| Like/,
  ],
  [
    'a time without late',
    '  - { on: [failed], late_after: 1h, nats: a }\n',
    /notify\[0\]\.late_after: `late_after` goes with `late` only \| Add/,
  ],
  [
    'an unknown placeholder',
    '  - { on: [failed], nats: a, text: "${{ run.idd }}" }\n',
    /^5:36\+16 notify\[0\]\.text: `run\.idd` is no placeholder of a notice \| Did you mean `run\.id`\?$/,
  ],
  [
    'a placeholder without an end',
    '  - { on: [failed], nats: a, subject: "${{ run.id" }\n',
    /notify\[0\]\.subject: `run\.id` is no placeholder/,
  ],
  [
    'a subject of two lines',
    '  - { on: [failed], nats: a, subject: "a\\nb" }\n',
    /notify\[0\]\.subject: must be one line/,
  ],
  [
    'a name twice',
    '  - { name: a, on: [failed], nats: a }\n  - { name: a, on: [failed], nats: b }\n',
    /^6:\d+\+\d+ notify\[1\]\.name: two rules are named `a` \| Give/,
  ],
  ['an unknown field', '  - { on: [failed], mail: [a@b.c] }\n', /notify\[0\]\.mail: unknown field/],
])('refuses %s with its place', (_, rules, line) => {
  expect(linesOf(rules).join('\n')).toMatch(line);
});

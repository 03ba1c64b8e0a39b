import { expect, test } from 'vitest';
import { composeMessage } from './compose.ts';
import { eventsOfEnd, type Notice, type NoticeFacts } from './notice.ts';
import { isGivenUp, pauseMs } from './patience.ts';

const FACTS: NoticeFacts = {
  'workflow.name': 'flights',
  'workflow.version': '3',
  'run.id': 'r-1',
  'run.state': 'failed',
  'run.trigger': 'schedule',
  'run.url': 'http://127.0.0.1:7400/runs/r-1',
  'run.due_at': '2026-01-01T06:00:00Z',
  'run.started_at': '2026-01-01T06:00:01Z',
  'run.ended_at': '2026-01-01T06:01:31Z',
  'run.duration': '1m30s',
  'run.error': 'no table named "flights"',
  'run.error_code': 'TABLE_NOT_FOUND',
  'run.failed_task': 'store',
};

function aNotice(changes: Partial<Notice> = {}, words: Partial<Notice['rule']> = {}): Notice {
  const channel = { kind: 'nats', subject: 'a' } as const;
  const rule = { name: 'r', on: ['failed'], channel, ...words } as const;
  return { noticeId: 'n', event: 'failed', rule, facts: FACTS, ...changes };
}

test('without words of its own a notice says what is known, and leaves out what is not', () => {
  const { subject, text } = composeMessage('m', [aNotice()]);
  expect(subject).toBe('flights failed');
  expect(text).toBe(`flights failed.
Error: no table named "flights" (TABLE_NOT_FOUND)
Task: store
Due: 2026-01-01T06:00:00Z
Began: 2026-01-01T06:00:01Z
Ended: 2026-01-01T06:01:31Z
Took: 1m30s
Run: r-1
http://127.0.0.1:7400/runs/r-1
`);
  const blank = Object.fromEntries(Object.keys(FACTS).map((name) => [name, '']));
  const facts = { ...(blank as NoticeFacts), 'workflow.name': 'flights' };
  const late = composeMessage('m', [aNotice({ event: 'late', facts })]);
  expect(late.text).toBe('flights is late.\nNothing was started.\n');
});

test('its own words with the values in their places', () => {
  const words = {
    subject: '[${{ event }}] ${{ workflow.name }}',
    text: '${{run.error}} x${{ count }}',
  };
  const { subject, text } = composeMessage('m', [aNotice({}, words)]);
  expect({ subject, text }).toEqual({
    subject: '[failed] flights',
    text: 'no table named "flights" x1',
  });
});

test('values stay values: in a heading, in HTML, in JSON', () => {
  const facts = { ...FACTS, 'run.error': '</pre>\r\nBcc: x\u2028"}],\u0000${{ run.id }}' };
  const message = composeMessage('m', [aNotice({ facts }, { subject: '${{ run.error }}' })]);
  expect(message.subject).toBe('</pre> Bcc: x "}], ${{ run.id }}');
  expect(message.html).toContain('&lt;/pre&gt;');
  expect(message.html).not.toContain('</pre>\r');
  expect(JSON.parse(JSON.stringify(message.body))).toEqual(message.body);
  expect(message.body.notices[0]!.run['error']).toBe(facts['run.error']);
});

test('programs get what happened, in fields', () => {
  expect(composeMessage('m', [aNotice()]).body).toMatchObject({
    id: 'm',
    event: 'failed',
    count: 1,
    notices: [
      {
        event: 'failed',
        workflow: { name: 'flights', version: '3' },
        run: { id: 'r-1', state: 'failed', error_code: 'TABLE_NOT_FOUND', failed_task: 'store' },
      },
    ],
  });
});

test('many are one message that says how many', () => {
  const many = Array.from({ length: 42 }, () => aNotice());
  const message = composeMessage('m', [...many, aNotice({ event: 'late' })]);
  expect(message.subject).toBe('43 notices: 42 failed, 1 late');
  expect(message.text).toContain('43 notices came at once');
  expect(message.text).toContain('- and 23 more\n');
  expect(message.body).toMatchObject({ event: 'several', count: 43 });
  expect(message.body.notices).toHaveLength(20);
});

test.each([
  ['succeeded', undefined, ['succeeded']],
  ['succeeded', 'succeeded', ['succeeded']],
  ['succeeded', 'failed', ['succeeded', 'recovered']],
  ['succeeded', 'timed_out', ['succeeded', 'recovered']],
  ['failed', 'failed', ['failed']],
  ['timed_out', undefined, ['failed']],
  ['cancelled', 'failed', ['cancelled']],
] as const)('an end as %s after %s is %j', (state, before, events) => {
  expect(eventsOfEnd(state, before)).toEqual(events);
});

test('a destination that is away is asked less and less often, for a day', () => {
  expect([1, 2, 3, 10, 11, 500].map((failures) => pauseMs(failures, 1))).toEqual([
    1_000, 2_000, 4_000, 512_000, 600_000, 600_000,
  ]);
  expect(pauseMs(3, 0)).toBe(2_000);
  expect(isGivenUp(0, 24 * 3_600_000 - 1)).toBe(false);
  expect(isGivenUp(0, 24 * 3_600_000)).toBe(true);
});

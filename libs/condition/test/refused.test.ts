import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CONDITION_LENGTH_MAX, parseCondition } from '../src/index.ts';
import { SCOPE } from './scope.ts';

const refusal = (text: string) => {
  const parsed = parseCondition(text, SCOPE);
  if (parsed.kind === 'condition') return 'accepted';
  const { message, hint, start, end } = parsed.problem;
  return `${text.slice(start, end)} | ${message}${hint === undefined ? '' : ` | ${hint}`}`;
};

test.each([
  ["params.mod == 'full'", 'params.mod | no parameter is named `mod` | Did you mean `mode`?'],
  [
    'tasks.flight.rows > 0',
    'tasks.flight.rows | this task does not wait for a task named `flight` | Did you mean `flights`?',
  ],
  [
    "tasks.flights.state == 'sucseeded'",
    'sucseeded\' | "sucseeded" is no state in which a task ends | Possible: succeeded.',
  ],
  [
    "params.limit == '3'",
    "params.limit == '3' | a number cannot be compared with a text | Write numbers, true and false without quotes.",
  ],
  [
    'params.limit == params.mode',
    'params.limit == params.mode | a number cannot be compared with a text',
  ],
  ["params.since > 'yesterday'", '"yesterday" is not a date'],
  [
    'params.dry < true',
    'params.dry | `<` has no meaning for true or false | Compare with `==` or `!=`.',
  ],
  ["params.mode = 'full'", '= | `=` has no meaning in a condition | Write `==` to compare.'],
  ['params.dry && params.dry', '& | `&` has no meaning in a condition | Write `and`.'],
  [
    'params.mode',
    'params.mode | this value is neither true nor false | Compare it with something.',
  ],
  ["params.mode == 'full", "'full | the text has no closing quote"],
  [
    'params.dry params.dry',
    'params.dry | `params.dry` follows a complete condition | Join with `and` or `or`.',
  ],
  ['(params.dry', ' | the end of the condition stands where `)` is expected'],
  ['', ' | the end of the condition stands where a value is expected'],
  ['params.limit in []', '] | `]` stands where a value is expected'],
  ['constructor.constructor', '`constructor.constructor` is not known here'],
  ['params.__proto__ == null', 'no parameter is named `__proto__`'],
])('refuses %s', (text, expected) => {
  expect(refusal(text)).toContain(expected);
});

test('bounds the length and the nesting', () => {
  expect(refusal(`true${' '.repeat(CONDITION_LENGTH_MAX)}`)).toContain('at most 2000 characters');
  expect(refusal(`${'('.repeat(100)}true`)).toContain('nested too deeply');
  expect(refusal(`${'not '.repeat(100)}true`)).toContain('nested too deeply');
});

test('gives an answer for any text, with a place within it', () => {
  const words = fc.constantFrom(
    'params.mode',
    'tasks.flights.rows',
    'and',
    'not',
    'in',
    '(',
    ')',
    '[',
    ']',
    ',',
    '==',
    '<',
    "'a'",
    '1',
    'true',
    'null',
    '&',
    "'",
  );
  const texts = fc.oneof(
    fc.string(),
    fc.array(words, { maxLength: 12 }).map((all) => all.join(' ')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const parsed = parseCondition(text, SCOPE);
      if (parsed.kind === 'condition') return;
      expect(parsed.problem.start).toBeGreaterThanOrEqual(0);
      expect(parsed.problem.end).toBeLessThanOrEqual(Math.max(1, text.length));
    }),
    { numRuns: 2_000 },
  );
});

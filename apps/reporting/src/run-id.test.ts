import { expect, test } from 'vitest';
import { firstRunIdAt, parseRunId } from './run-id.ts';

test('an id in capitals is the same id', () => {
  const id = '01890a5d-ac96-774b-bcce-b302099a8057';
  expect(parseRunId(id.toUpperCase())).toBe(id);
});

test('what is no UUID is the id of no run', () => {
  expect(() => parseRunId("1' or true --")).toThrow(
    expect.objectContaining({ code: 'RUN_NOT_FOUND' }),
  );
});

test('the first id of an instant begins with its milliseconds', () => {
  // The example of RFC 9562, appendix A.6: 2022-02-22T19:22:22Z.
  const id = '017f22e2-79b0-7cc3-98c4-dc0c0c07398f';
  const instant = Date.parse('2022-02-22T19:22:22Z');
  expect(firstRunIdAt(instant) <= id && id < firstRunIdAt(instant + 1)).toBe(true);
});

import { describe, expect, test } from 'vitest';
import { maskSource } from './mask-source.ts';

describe('maskSource', () => {
  test.each([
    ['a line comment', 'a // b\nc', 'a     \nc'],
    ['a block comment, its line breaks aside', 'a /* b\nc */ d', 'a     \n     d'],
    ['the inside of a string', `f('a//b', "c'd")`, `f('    ', "   ")`],
    ['an escaped quote', String.raw`f('a\'b') // c`, `f('    ')     `],
    ['the text of a template, not its code', 'f(`a ${b("c")} d`)', 'f(`  ${b(" ")}  `)'],
    [
      'a template within a template',
      '`a${{ b: `c${d}` }.b}e`',
      '`${{ b: `${d}` }.b} `'.replace('`$', '` $').replace('b: `$', 'b: ` $'),
    ],
    ['a regular expression', 'return /[/"]`/.test(a)', 'return        .test(a)'],
  ])('blanks %s', (_, text, code) => {
    expect(maskSource(text)).toEqual({ code, openAt: undefined });
  });

  test('takes a slash after a value for a division', () => {
    const text = "const a = b / c; const d = (e) / 'f'.length;";
    expect(maskSource(text).code).toBe(text.replace('f', ' '));
  });

  test('loses no more than a line to an apostrophe in the text of JSX', () => {
    const { code } = maskSource("<p>Don't</p>\nimport('a')");
    expect(code.split('\n')[1]).toBe("import(' ')");
  });

  test('passes the closing tags of JSX', () => {
    const text = '<p><br /></p><p>{a}</p>';
    expect(maskSource(text).code).toBe(text);
  });

  test.each([
    ['block comment', 'a /* b'],
    ['template', 'a `b'],
    ['template after its code', 'a `${b}'],
  ])('says where a %s starts that never ends', (_, text) => {
    const { code, openAt } = maskSource(text);
    expect(code).toHaveLength(text.length);
    expect(openAt).toBeGreaterThan(1);
  });
});

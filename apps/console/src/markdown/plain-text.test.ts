import { expect, test } from 'vitest';
import { decodeEntities, isSafeAddress } from './plain-text.ts';

test('reads the characters that a text names, and leaves the rest', () => {
  expect(decodeEntities('a &lt;b&gt; &amp;amp; &#33;&#x2260; &unknown; &#0; &')).toBe(
    'a <b> &amp; !≠ &unknown; \uFFFD &',
  );
});

test.each(['https://floe.example/a', 'http://a', '/runs/1', '#part'])('%s may be followed', (one) =>
  expect(isSafeAddress(one)).toBe(true),
);

test.each([
  'javascript:alert(1)',
  'JavaScript:alert(1)',
  'data:text/html,a',
  '//evil.example',
  'a b',
])('%s may not be followed', (one) => expect(isSafeAddress(one)).toBe(false));

import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { Markdown } from './markdown.tsx';

function render(text: string): string {
  return renderToStaticMarkup(<Markdown text={text} />)
    .replace('<div class="markdown">', '')
    .replace(/<\/div>$/, '');
}

test('shows headings, tables, lists and code', () => {
  expect(render('# Run: *good*\n\n- one\n- **two**')).toBe(
    '<h3>Run: <em>good</em></h3><ul><li>one</li><li><strong>two</strong></li></ul>',
  );
  expect(render('| | |\n| --- | --- |\n| Type | a\\_b &lt;c&gt; |')).toContain(
    '<tr><th scope="row">Type</th><td>a_b &lt;c&gt;</td></tr>',
  );
  expect(render('```sql\nselect 1 < 2\n```')).toBe('<pre class="example">select 1 &lt; 2</pre>');
});

test('shows script as text, wherever it stands', () => {
  const hostile = '<img src=x onerror=alert(1)>';
  for (const text of [hostile, `a ${hostile}`, `# ${hostile}`, `| ${hostile} |\n| --- |\n| x |`]) {
    const html = render(text);
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
  }
  expect(render('<script>alert(1)</script>')).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
});

test('follows links to the web only, and loads no picture', () => {
  expect(render('[a](javascript:alert(1))')).toBe('<p>a</p>');
  expect(render('![seen](https://evil.example/pixel)')).toBe('<p><em>seen</em></p>');
  expect(render('[a](https://floe.example)')).toContain('href="https://floe.example"');
});

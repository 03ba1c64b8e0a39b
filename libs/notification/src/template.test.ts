import { expect, test } from 'vitest';
import { PLACEHOLDERS, type Placeholder, type PlaceholderValues } from './placeholders.ts';
import { readTemplate, renderTemplate, type Template } from './template.ts';

const names = Object.keys(PLACEHOLDERS) as Placeholder[];
const VALUES = Object.fromEntries(names.map((name) => [name, `<${name}>`])) as PlaceholderValues;

function aTemplate(text: string): Template {
  const reading = readTemplate(text);
  if (reading.kind === 'problem') throw new Error(`no template: ${reading.name}`);
  return reading.template;
}

test.each(names)('puts %s into its place', (name) => {
  expect(renderTemplate(aTemplate(`a \${{ ${name} }} b`), VALUES)).toBe(`a <${name}> b`);
});

test('escapes values, not the words of the author', () => {
  const escape = (value: string) => value.replaceAll('<', '&lt;');
  const text = renderTemplate(aTemplate('<b>${{run.id}}</b>${{event}}'), VALUES, escape);
  expect(text).toBe('<b>&lt;run.id></b>&lt;event>');
});

test('a value that looks like a placeholder stays text', () => {
  const values = { ...VALUES, 'run.error': '${{ run.url }}' };
  expect(renderTemplate(aTemplate('${{ run.error }}'), values)).toBe('${{ run.url }}');
});

test.each([
  ['${{ run.secret }}', 'run.secret'],
  ['${{ constructor }}', 'constructor'],
  ['${{ __proto__ }}', '__proto__'],
  ['${{ run.id', 'run.id'],
  ['${{}}', ''],
  ['${{ run.id || 1 }}', 'run.id || 1'],
])('refuses %s', (text, name) => {
  expect(readTemplate(text)).toEqual({ kind: 'problem', name });
});

test('text without placeholders, also with single braces, is itself', () => {
  for (const text of ['', 'plain', '$ {{ run.id }}', '{{ run.id }}', '}} ${']) {
    expect(renderTemplate(aTemplate(text), VALUES)).toBe(text);
  }
});

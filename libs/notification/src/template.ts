/**
 * Words with placeholders, `${{ run.id }}`. No code, no conditions, no nesting: a value that holds a placeholder is text.
 */
import { isPlaceholder, type Placeholder, type PlaceholderValues } from './placeholders.ts';

type Part = string | { readonly placeholder: Placeholder };

export type Template = readonly Part[];

export type TemplateReading =
  | { readonly kind: 'template'; readonly template: Template }
  /** `name` is what stands between the braces. */
  | { readonly kind: 'problem'; readonly name: string };

const OPENING = '${{';
const CLOSING = '}}';

/** Reads a template; the first placeholder that is none, or has no end, is the problem. */
export function readTemplate(text: string): TemplateReading {
  const template: Part[] = [];
  let at = 0;
  for (;;) {
    const opening = text.indexOf(OPENING, at);
    const before = text.slice(at, opening === -1 ? undefined : opening);
    if (before !== '') template.push(before);
    if (opening === -1) return { kind: 'template', template };
    const closing = text.indexOf(CLOSING, opening);
    const name = text.slice(opening + OPENING.length, closing === -1 ? undefined : closing).trim();
    if (closing === -1 || !isPlaceholder(name)) return { kind: 'problem', name };
    template.push({ placeholder: name });
    at = closing + CLOSING.length;
  }
}

/** The text with every value in its place, each passed through `escape`: the template's own words are its author's. */
export function renderTemplate(
  template: Template,
  values: PlaceholderValues,
  escape: (value: string) => string = (value) => value,
): string {
  return template
    .map((part) => (typeof part === 'string' ? part : escape(values[part.placeholder])))
    .join('');
}

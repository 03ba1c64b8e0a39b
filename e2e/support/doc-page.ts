/**
 * Pages whose examples are run as people would run them.
 *
 * A block ```` ```yaml title="orders.yaml" ```` is a file. A block ```` ```console ```` holds commands behind `$ ` and below
 * each what it prints: `...` stands for any lines, and what differs from run to run (ids, times, sizes) is not compared.
 * A command goes on in lines behind `> `.
 */
export type DocStep =
  | { readonly kind: 'file'; readonly name: string; readonly content: string }
  | { readonly kind: 'command'; readonly command: string; readonly expected: readonly string[] };

const FENCE = /^( *)```(\S*)(.*)$/;
const TITLE = /title="([^"]+)"/;

/** The steps of a page in their order. */
export function readDocPage(markdown: string): readonly DocStep[] {
  const steps: DocStep[] = [];
  const lines = markdown.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const [, indent = '', language = '', rest = ''] = FENCE.exec(lines[at]!) ?? [];
    if (language === '') {
      if (FENCE.test(lines[at]!)) at = endOfFence(lines, at);
      continue;
    }
    const end = endOfFence(lines, at);
    const body = lines.slice(at + 1, end).map((line) => line.slice(indent.length));
    const title = TITLE.exec(rest)?.[1];
    if (title !== undefined)
      steps.push({ kind: 'file', name: title, content: `${body.join('\n')}\n` });
    else if (language === 'console') steps.push(...readCommands(body));
    at = end;
  }
  return steps;
}

function endOfFence(lines: readonly string[], start: number): number {
  const end = lines.findIndex((line, index) => index > start && /^ *```\s*$/.test(line));
  if (end === -1) throw new Error(`the block of line ${start + 1} has no end`);
  return end;
}

function readCommands(body: readonly string[]): DocStep[] {
  const steps: { kind: 'command'; command: string; expected: string[] }[] = [];
  for (const line of body) {
    const last = steps.at(-1);
    if (line.startsWith('$ '))
      steps.push({ kind: 'command', command: line.slice(2), expected: [] });
    else if (line.startsWith('> ') && last?.expected.length === 0)
      last.command += `\n${line.slice(2)}`;
    else last?.expected.push(line);
  }
  return steps;
}

/** What is no promise: it is another in each run. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<id>'],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?( ?Z| ?[+-]\d\d:\d\d)?/g, '<time>'],
  [/\b\d+(\.\d+)? (ms|s|min|h)\b/g, '<time>'],
  [/\b\d+(\.\d+)? (B|KiB|MiB|GiB)\b/g, '<size>'],
  [/\b[\d,]+(\.\d+)?( [kMG])?\/s(?!\w)/g, ''],
  [/\b(just now|\d+ (seconds?|minutes?) ago)\b/g, '<ago>'],
  [/127\.0\.0\.1\s*:?\s*\d{4,5}\b/g, '<address>'],
  [/\/\S*\/(?=\.floe\/)/g, ''],
  [/\bfloe_(?:…|[\w-]{20,})/g, '<token>'],
  [/\s+/g, ' '],
];

function withoutVarying(line: string): string {
  return VARYING.reduce((text, [what, name]) => text.replace(what, name), line).trim();
}

/** Undefined when the output is as the page says; else the first line of the page that is not there. */
export function missingLine(expected: readonly string[], output: string): string | undefined {
  const printed = output.split('\n').map(withoutVarying).filter(isSaying);
  let at = 0;
  let skips = false;
  for (const line of expected.filter(isSaying)) {
    if (line.trim() === '...') {
      skips = true;
      continue;
    }
    const wanted = withoutVarying(line);
    const found = printed.indexOf(wanted, at);
    if (found === -1 || (!skips && found !== at)) return line;
    at = found + 1;
    skips = false;
  }
  const isWhole = skips || at === printed.length || expected.length === 0;
  return isWhole ? undefined : `nothing more, but there is: ${printed[at]}`;
}

function isSaying(line: string): boolean {
  return line.trim() !== '';
}

import { FloeError } from '@floe/errors';
import { findExpression } from '../catalogue/catalogue.ts';
import { refusalOf } from '../catalogue/refused-names.ts';
import { FRAME_REWRITES } from '../bind/rewrite-frame.ts';
import { parseProgram } from '../parse-program.ts';

/** One public name of py-polars, with a text that uses it and whether the bundled Polars runs it as serialised. */
export type ApiName = {
  readonly name: string;
  readonly text: string | null;
  readonly runs: boolean;
};

export type Coverage = {
  readonly name: string;
  readonly status: 'supported' | 'rewritten' | 'refused';
  /** What it is rewritten as, or why it is refused. */
  readonly note: string;
  readonly runs: boolean;
};

const INPUTS = ['t', 'raw', 'other'];

/** What Floe makes of each name: the parser itself decides. */
export function coverageOf(names: readonly ApiName[]): readonly Coverage[] {
  return names.map(({ name, text, runs }) => ({ name, runs, ...statusOf(name, text) }));
}

function statusOf(name: string, text: string | null): Pick<Coverage, 'status' | 'note'> {
  const problem = text === null ? (refusalOf(name) ?? 'not supported yet') : problemOf(text);
  if (problem !== null) return { status: 'refused', note: refusalOf(name) ?? problem };
  const rewritten = rewrittenAs(name);
  return rewritten === undefined
    ? { status: 'supported', note: '' }
    : { status: 'rewritten', note: rewritten };
}

/** Why the parser refuses the text; null when it takes it. */
function problemOf(text: string): string | null {
  const isFrame = /^(raw|other|t)\.|^pl\.(concat\(|union|merge)/.test(text);
  try {
    parseProgram(isFrame ? text : `t.select(${text})`, { inputs: INPUTS });
    return null;
  } catch (thrown) {
    if (!(thrown instanceof FloeError)) throw thrown;
    return thrown.hint ?? thrown.message;
  }
}

function rewrittenAs(name: string): string | undefined {
  const [space = '', method = ''] = name.split('.');
  if (space === 'LazyFrame')
    return method === 'pivot'
      ? 'a group_by with one aggregation for each new column'
      : FRAME_REWRITES[method];
  return findExpression(space === 'Expr' ? method : name)?.rewrittenAs;
}

export type Summary = {
  readonly names: number;
  readonly supported: number;
  readonly rewritten: number;
  /** Names that the bundled Polars runs as serialised, and how many of them Floe takes. */
  readonly runnable: number;
  readonly taken: number;
};

export function summarise(coverage: readonly Coverage[]): Summary {
  const count = (test: (each: Coverage) => boolean): number => coverage.filter(test).length;
  return {
    names: coverage.length,
    supported: count(({ status }) => status === 'supported'),
    rewritten: count(({ status }) => status === 'rewritten'),
    runnable: count(({ runs }) => runs),
    taken: count(({ runs, status }) => runs && status !== 'refused'),
  };
}

const SPACES: Readonly<Record<string, string>> = {
  Expr: 'Methods of expressions',
  str: '`.str`',
  dt: '`.dt`',
  list: '`.list`',
  arr: '`.arr`',
  struct: '`.struct`',
  cat: '`.cat`',
  name: '`.name`',
  bin: '`.bin`',
  meta: '`.meta`',
  ext: '`.ext`',
  pl: 'Functions of `pl`',
  cs: 'Selectors of `cs`',
  LazyFrame: 'Methods of frames',
  LazyGroupBy: 'Methods of groups',
};

/** The page that lists every name. */
export function coveragePage(names: readonly ApiName[]): string {
  const coverage = coverageOf(names);
  const { names: all, supported, rewritten, runnable, taken } = summarise(coverage);
  const share = ((100 * taken) / runnable).toFixed(1);
  const sections = Object.entries(SPACES).map(([space, title]) =>
    sectionOf(
      title,
      coverage.filter(({ name }) => name.startsWith(`${space}.`)),
    ),
  );
  return `# Polars: what is supported

All public names of py-polars 1.44: methods of expressions with their namespaces, functions, selectors, methods of lazy
frames and of groups. ${supported} of ${all} are supported as they are, ${rewritten} more are rewritten to something equal, ${
    all - supported - rewritten
  } are refused
with a reason. Of the ${runnable} names for which the bundled Polars for Node.js runs the expression that py-polars serialises,
${taken} are taken: ${share} %. Where the results differ from py-polars, [expressions.md](expressions.md) says so.

The names and texts are in \`libs/expression/test/coverage\`, with the scripts that made them. Whether a name is taken, the parser
decides; the tests check what the bundled Polars runs.
${sections.join('')}`;
}

function sectionOf(title: string, coverage: readonly Coverage[]): string {
  const rows = coverage.map(({ name, status, note }) => {
    const short = name.slice(name.indexOf('.') + 1);
    return `| \`${short}\` | ${status} | ${note.replaceAll('|', '\\|')} |`;
  });
  return `
## ${title}

| name | | |
|---|---|---|
${rows.join('\n')}
`;
}

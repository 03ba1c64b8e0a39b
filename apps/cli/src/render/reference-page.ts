import type { Argument, Command, Option } from 'commander';

/** The page of the commands, from what they say of themselves. */
export function referencePage(program: Command): string {
  return `# Commands

\`./floe\` from a checkout finds its Node and its packages itself. What is said to people goes to stderr, data to stdout;
colours and redrawing are on terminals only, and never with \`NO_COLOR\`, \`TERM=dumb\` or \`CI\`.

| exit code | means |
|---|---|
| 0 | succeeded |
| 1 | failed: the run, or what was asked of the server |
| 2 | wrong usage, or a document, parameter or option that is not valid |
| 3 | the run was cancelled |
| 4 | Floe cannot be reached |
| 130 | Ctrl-C; a run that was watched goes on |

Options of all commands:

${optionTable(program.options)}
Most commands have these too: \`-o, --output <format>\` with \`table\`, \`wide\` (all columns), \`json\` and \`yaml\`, and \`--json\`
for \`-o json\`. JSON is one document in the shape of the API; what goes on (\`--watch\`, \`runs watch\`, \`runs logs\`,
\`events tail\`) is a line of JSON each time. Errors are JSON then, too. \`--help\` behind any command shows what is below.
${program.commands
  .flatMap((command) => leavesOf(command))
  .map(section)
  .join('')}`;
}

function leavesOf(command: Command): readonly Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);
}

function section(command: Command): string {
  const hasForms = command.options.some(({ long }) => long === '--output');
  const own = command.options.filter(
    ({ long, hidden }) => !hidden && !(hasForms && COMMON.includes(long ?? '')),
  );
  const args = command.registeredArguments;
  const { description, rest } = helpOf(command);
  return `
## floe ${nameOf(command)}

${sentence(description)}

\`\`\`
floe ${[nameOf(command), ...args.map(argumentText)].join(' ')}${own.length > 0 ? ' [options]' : ''}
\`\`\`
${args.length + own.length === 0 ? '' : `\n${table([...args.map(argumentRow), ...own.map(optionRow)])}`}${rest}`;
}

const COMMON = ['--output', '--json'];

function nameOf(command: Command): string {
  const { parent } = command;
  return parent === null || parent.parent === null
    ? command.name()
    : `${nameOf(parent)} ${command.name()}`;
}

/** What stands behind the options in its help: more words, then examples. */
function helpOf(command: Command): { readonly description: string; readonly rest: string } {
  let text = '';
  command.configureHelp({ showGlobalOptions: false });
  command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp();
  const after = text.slice(text.lastIndexOf('show help\n') + 'show help\n'.length).trim();
  const [words = '', examples = ''] = after.split(/^Examples?:\n/m);
  const more = words.trim() === '' ? '' : `\n${words.trim()}\n`;
  const shown = examples.trim() === '' ? '' : `\n\`\`\`\n${dedent(examples)}\n\`\`\`\n`;
  return { description: command.description(), rest: `${more}${shown}` };
}

function dedent(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/^ {2}/, ''))
    .join('\n');
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

function argumentText(argument: Argument): string {
  const name = argument.name();
  return argument.required ? `<${name}>` : `[${name}]`;
}

type RowOfTable = readonly [words: string, means: string];

function argumentRow(argument: Argument): RowOfTable {
  return [argumentText(argument), withChoices(argument.description, argument.argChoices)];
}

function optionRow({ flags, description, argChoices }: Option): RowOfTable {
  return [flags, withChoices(description, argChoices)];
}

function withChoices(text: string, choices: readonly string[] | undefined): string {
  if (choices === undefined) return text;
  return `${text}: ${choices.map((choice) => `\`${choice}\``).join(' ')}`;
}

function optionTable(options: readonly Option[]): string {
  return table(options.map(optionRow));
}

function table(rows: readonly RowOfTable[]): string {
  const lines = rows.map(([words, means]) => `| \`${words}\` | ${means.replaceAll('|', '\\|')} |`);
  return `| | |\n|---|---|\n${lines.join('\n')}\n`;
}

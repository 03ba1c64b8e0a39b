import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { COMMANDS } from '../src/commands.ts';
import { createProgram, namedCommand } from '../src/program.ts';
import { createRecordingTerminal } from './recording-terminal.ts';

const terminal = createRecordingTerminal();
const context = { terminal, env: {}, isJson: false, endWith: () => {} };
const program = await createProgram('all', context);
const leaves = leavesOf(program);

function leavesOf(command: Command): readonly Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);
}

function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}

/** Help as a person gets it: with what is added behind the options. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp();
  return text;
}

test.each(COMMANDS)('says in the list what $name says itself', ({ name, usage = '', summary }) => {
  const command = program.commands.find((each) => each.name() === name)!;
  expect(command.description()).toBe(summary);
  const words = command.registeredArguments.map((argument) => {
    const word = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${word}>` : `[${word}]`;
  });
  expect(words.join(' ')).toBe(usage);
});

test.each(leaves.map((command) => [nameOf(command), command] as const))(
  '%s says what it does, with examples that begin with its words',
  (name, command) => {
    expect(command.description()).not.toBe('');
    for (const { flags, description } of command.options) expect(description, flags).not.toBe('');
    for (const argument of command.registeredArguments) {
      expect(argument.description, argument.name()).not.toBe('');
    }
    const [, examples = ''] = helpOf(command).split(/\nExamples?:\n/);
    expect(examples).toContain(name);
  },
);

// What they print is no data: a script, or where everything is once all is up.
const WITHOUT_OUTPUT = ['floe completion', 'floe demo', 'floe up'];

test('every command prints in the same forms', () => {
  const without = leaves.filter(({ options }) => {
    const longs = options.map(({ long }) => long);
    return !longs.includes('--output') || !longs.includes('--json');
  });
  expect(without.map(nameOf).toSorted()).toEqual(WITHOUT_OUTPUT);
});

test.each([
  [['runs', 'list'], 'runs'],
  [['--server', 'http://x', 'runs'], 'runs'],
  [['--server=http://x', 'runs'], 'runs'],
  [['help', 'runs'], 'runs'],
  [['--state-dir', 'up', 'doctor'], 'doctor'],
  [['--help'], undefined],
  [[], undefined],
])('finds the command in %j', (words, command) => {
  expect(namedCommand(words)).toBe(command);
});

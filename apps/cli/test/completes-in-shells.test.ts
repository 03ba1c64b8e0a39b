/** Hunts a completion script that its shell does not take, in the shells that there are: bash, and zsh and fish where installed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
// A shell, and floe twice, on a machine that has other things to do.
const WITHIN_MS = 30_000;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'floe-shell-'));
  const path = join(folder, 'floe');
  writeFileSync(path, `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
  chmodSync(path, 0o755);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(shell: string, words: readonly string[]): string {
  const env = {
    ...process.env,
    PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}`,
    HOME: folder,
    // Nobody answers there: what is completed are words of floe itself.
    FLOE_GATEWAY_URL: 'http://127.0.0.1:9',
  };
  return execFileSync(shell, words, { env, cwd: folder, encoding: 'utf8', timeout: WITHIN_MS });
}

function isThere(shell: string): boolean {
  return spawnSync(shell, ['-c', 'true']).status === 0;
}

test('bash', { timeout: WITHIN_MS }, () => {
  const script = `source <(floe completion bash)
    COMP_WORDS=(floe runs re); COMP_CWORD=2; _floe; echo "\${COMPREPLY[@]}"
    COMP_WORDS=(floe apply -f ''); COMP_CWORD=3; _floe; echo "\${COMPREPLY[@]}"; complete -p floe`;
  const [verbs, files, spec] = run('bash', ['--norc', '-c', script]).split('\n');
  expect(verbs?.split(' ')).toEqual(['resume', 'retry', 'report']);
  expect(files).toBe('floe');
  expect(spec).toContain('_floe');
});

test.skipIf(!isThere('fish'))('fish (where it is installed)', { timeout: WITHIN_MS }, () => {
  const script = 'floe completion fish | source; complete -C "floe runs re"';
  const found = run('fish', ['--no-config', '-c', script]).trim().split('\n');
  const words = found.map((line) => line.split('\t')[0]);
  expect(words).toEqual(expect.arrayContaining(['resume', 'retry', 'report']));
  expect(words).toHaveLength(3);
  expect(found.join('\n')).toContain('\tshow rows, bytes, time');
});

// A terminal of zsh's own, in which somebody types and presses the tab key.
const TYPING = `zmodload zsh/zpty
zpty typed zsh -f -i
zpty -w typed 'PS1="ready>"; autoload -U compinit; compinit -u -D; source <(floe completion zsh); echo loaded$((1 + 1))'
zpty -r typed said '*loaded2*'
zpty -w -n typed $'floe runs repo\\t'
zpty -r typed said '*floe runs report*'
print -r -- "$said"
zpty -d typed`;

test.skipIf(!isThere('zsh'))('zsh (where it is installed)', { timeout: WITHIN_MS }, () => {
  expect(run('zsh', ['-f', '-c', TYPING])).toContain('floe runs report');
});

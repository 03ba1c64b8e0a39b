/** Fails when the committed code is not what `proto/` gives. Leaves the new code in place, for the commit. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run-step.ts';

const generated = join(root, 'libs/rpc/src/generated');

function fingerprint(): string {
  const hash = createHash('sha256');
  const files = readdirSync(generated, { recursive: true, encoding: 'utf8' }).toSorted();
  for (const name of files) {
    const path = join(generated, name);
    if (statSync(path).isFile()) hash.update(name).update(readFileSync(path));
  }
  return hash.digest('hex');
}

const before = fingerprint();
execFileSync(process.execPath, [join(root, 'tools/codegen.ts')], { cwd: root, stdio: 'inherit' });
if (fingerprint() === before) {
  console.log('the generated code is up to date');
} else {
  console.error('libs/rpc/src/generated is not what proto/ gives; it was made anew, commit it');
  process.exitCode = 1;
}

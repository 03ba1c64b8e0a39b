import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const DESCRIBE = ['describe', '--always', '--abbrev=40', '--exclude=*', '--dirty'];

/** The commit that is checked out here, as `BenchResult` has it. */
export async function readCommit(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('git', DESCRIBE, { cwd: import.meta.dirname });
    return stdout.trim();
  } catch {
    // A copy without git, or without its history, can be measured too; the result says that it has no name.
    return 'unknown';
  }
}

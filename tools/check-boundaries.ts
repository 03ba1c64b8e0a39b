/**
 * Fails when a source breaks a rule of the workspace: who may import whom, what is declared where, what pure code may
 * use, and how files are named and cut. The rules and their exceptions are in `tools/boundaries/`.
 */
import { checkWorkspace } from './boundaries/check-workspace.ts';
import { readWorkspace } from './boundaries/read-workspace.ts';
import { formatViolation } from './boundaries/violation.ts';
import { root } from './run-step.ts';

const workspace = readWorkspace(root);
const violations = checkWorkspace(workspace);
const packages = [...workspace.packages.values()].filter(({ files }) => files.length > 0);
const files = packages.flatMap((each) => each.files);
if (violations.length === 0) {
  console.log(`${files.length} files, ${packages.length} packages: no violation`);
} else {
  for (const violation of violations) console.error(formatViolation(violation));
  console.error(
    `${files.length} files, ${packages.length} packages: ${violations.length} violations`,
  );
  process.exitCode = 1;
}

import { enableCompileCache } from 'node:module';

// A reader that has seen enough (`floe runs list | head`) closes the pipe: that is no failure of this command. Who
// reads what is said to people may leave, too, and the work goes on.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

// Before anything else is loaded: it keeps what was compiled for the next command.
enableCompileCache();
const [{ runCommandLine, isForShell }, { openTerminal }] = await Promise.all([
  import('./command-line.ts'),
  import('./terminal.ts'),
]);
const words = process.argv.slice(2);
process.exitCode = await runCommandLine(words, {
  terminal: openTerminal(process, process.env),
  env: process.env,
});
// A question that the server did not answer in time would hold the prompt until it does.
if (isForShell(words)) process.exit();

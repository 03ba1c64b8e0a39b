import { enableCompileCache } from 'node:module';

// A reader that has seen enough (`floe runs list | head`) closes the pipe: that is no failure of this command. A disk
// that is full is one.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`error stdout cannot be written: ${error.code ?? error.message}\n`);
  process.exit(1);
});
// Where what is said to people cannot be written, there is nobody to tell; the work goes on.
process.stderr.on('error', () => {});

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

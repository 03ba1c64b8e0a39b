import { enableCompileCache } from 'node:module';

// A reader that has seen enough (`floe runs list | head`) closes the pipe: that is no failure of this command.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

// Before anything else is loaded: it keeps what was compiled for the next command.
enableCompileCache();
const [{ runCommandLine }, { openTerminal }] = await Promise.all([
  import('./command-line.ts'),
  import('./terminal.ts'),
]);
process.exitCode = await runCommandLine(process.argv.slice(2), {
  terminal: openTerminal(process, process.env),
  env: process.env,
});

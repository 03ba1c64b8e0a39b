import { appendFileSync } from 'node:fs';

// A process for the tests of the supervisor. What it does is in its arguments: its name, a journal to write to, and
// a behaviour.
const [name = 'sample', journal = '/dev/null', behaviour = 'works'] = process.argv.slice(2);

function note(what: string): void {
  appendFileSync(journal, `${name} ${what}\n`);
}

if (behaviour === 'breaks') {
  process.stderr.write('no luck today\n');
  process.exit(3);
}
note('started');
process.on('SIGTERM', () => {
  if (behaviour === 'stubborn') return;
  note('stopped');
  process.exit(0);
});
setInterval(() => undefined, 1_000);
if (behaviour !== 'silent')
  process.send?.({ type: 'ready', addresses: { pid: String(process.pid) } });

import { Supervisor } from '../src/supervisor.ts';
import { sampleSpec } from './scratch.ts';

// A supervisor in a process of its own, to be killed: prints the pid of its child.
const [folder = ''] = process.argv.slice(2);
const supervisor = await Supervisor.open(folder, () => undefined);
await supervisor.startGroup([{ child: sampleSpec(folder, 'engine') }]);
process.stdout.write(`${supervisor.processes()[0]?.pid}\n`);

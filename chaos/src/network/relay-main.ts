/** Inside the namespace: its loopback reaches the machine's through the veth pair. Words: address, ports. */
import { relay } from './relay.ts';

const [to = '', ...ports] = process.argv.slice(2);
await Promise.all(ports.map((port) => relay({ port: Number(port), from: '127.0.0.1', to })));
process.send?.({ type: 'ready', addresses: {} });
// Whoever started it is gone, and with it the reason to be.
process.once('disconnect', () => process.exit(0));

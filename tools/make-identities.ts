/**
 * Makes what services know each other by: an authority, a certificate for each, a key for each that speaks to NATS.
 * `sh tools/boot.sh tools/make-identities.ts FOLDER HOST...` writes them; the hosts are the names and addresses under
 * which the services and NATS are reached. Who has an authority already needs the keys for NATS only.
 */
import { writeIdentities } from '@floe/identities';

// Those that deploy/nats/authorization.conf knows.
const NAMES = ['scheduler', 'executor', 'reporting', 'metadata', 'cli', 'subscriber'];
const SERVERS = ['gateway', 'nats'];

const [folder, ...hosts] = process.argv.slice(2);
if (folder === undefined || hosts.length === 0) {
  process.stderr.write('usage: make-identities.ts FOLDER HOST...\n');
  process.exitCode = 2;
} else {
  await writeIdentities({ folder, names: NAMES, servers: SERVERS, hosts, now: Date.now() });
  process.stdout.write(
    `${folder} has ca.crt and ca.key; NAME.crt and NAME.key for ${[...NAMES, ...SERVERS].join(', ')};\n` +
      'NAME.nkey for those that speak to NATS, and nats-keys.conf for nats-server.\n' +
      'Keep ca.key away from the machines that run services: who has it can be any of them.\n',
  );
}

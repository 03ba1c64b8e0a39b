/** A channel to a scheduler that asks for a certificate: docs/guides/security.md. */
import { readFileSync } from 'node:fs';
import { Client, credentials } from '@grpc/grpc-js';

const [ca, key, cert] = ['ca.crt', 'cli.key', 'cli.crt'].map((name) => readFileSync(`/etc/floe/${name}`));
const channel = new Client('scheduler.internal:7402', credentials.createSsl(ca, key, cert));

export { channel };

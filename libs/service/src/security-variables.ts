import { z } from 'zod';
import { text, variable } from './variable.ts';

/** How services know each other, and NATS them. */
export const SECURITY_VARIABLES = {
  tlsCert: variable({
    name: 'FLOE_TLS_CERT',
    usedBy: 'all',
    means:
      'A PEM file with the certificate by which this process is known to the others over gRPC, and to NATS. Read again when it changes.',
    defaultMeans: 'gRPC without TLS, on loopback only',
    schema: text.optional(),
  }),
  tlsKey: variable({
    name: 'FLOE_TLS_KEY',
    usedBy: 'all',
    means: 'A PEM file with the key of FLOE_TLS_CERT.',
    defaultMeans: 'none',
    schema: text.optional(),
  }),
  tlsCa: variable({
    name: 'FLOE_TLS_CA',
    usedBy: 'all',
    means:
      'A PEM file with the authority that signs the certificates of all services; whoever shows none of its is not answered.',
    defaultMeans: 'none',
    schema: text.optional(),
  }),
  gatewayTlsCert: variable({
    name: 'FLOE_GATEWAY_TLS_CERT',
    usedBy: 'gateway',
    means:
      'A PEM file with the certificate that the gateway shows to people and programs, with those between it and its ' +
      'authority. With it the gateway speaks HTTPS only. Read again when it changes.',
    defaultMeans: 'the gateway speaks HTTP',
    schema: text.optional(),
  }),
  gatewayTlsKey: variable({
    name: 'FLOE_GATEWAY_TLS_KEY',
    usedBy: 'gateway',
    means: 'A PEM file with the key of FLOE_GATEWAY_TLS_CERT.',
    defaultMeans: 'none',
    schema: text.optional(),
  }),
  gatewayCa: variable({
    name: 'FLOE_GATEWAY_CA',
    usedBy: 'cli',
    means:
      'A PEM file with the authority of the certificate of the gateway, where that is not one that everybody trusts.',
    defaultMeans: 'the authorities that Node.js trusts',
    schema: text.optional(),
  }),
  plaintext: variable({
    name: 'FLOE_PLAINTEXT',
    usedBy: 'metadata, scheduler, reporting, executor',
    means:
      'Where gRPC may be answered without TLS: on `loopback` only, or `anywhere`, for a network that encrypts and lets nobody else in.',
    default: 'loopback',
    schema: z.enum(['loopback', 'anywhere'], { error: 'wanted loopback or anywhere' }),
  }),
  natsCredentials: variable({
    name: 'FLOE_NATS_CREDENTIALS',
    usedBy: 'metadata, scheduler, executor, reporting, cli',
    means:
      'A file with the seed of an nkey, or with the credentials of a NATS user (.creds). A user and password may stand in FLOE_NATS_URL instead.',
    defaultMeans: 'none',
    schema: text.optional(),
  }),
  natsCa: variable({
    name: 'FLOE_NATS_CA',
    usedBy: 'metadata, scheduler, executor, reporting, cli',
    means:
      'A PEM file with the authority of the NATS servers. When it is set, or FLOE_NATS_URL begins with tls://, NATS is spoken to with TLS only.',
    defaultMeans: 'FLOE_TLS_CA',
    schema: text.optional(),
  }),
  natsMonitorUrl: variable({
    name: 'FLOE_NATS_MONITOR_URL',
    usedBy: 'cli',
    means:
      'Where nats-server tells of itself over HTTP, like http://127.0.0.1:8222, for `floe doctor`.',
    defaultMeans: 'none',
    schema: z
      .url({ protocol: /^https?$/, error: 'wanted a URL like http://127.0.0.1:8222' })
      .optional(),
  }),
} as const;

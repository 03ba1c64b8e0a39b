export { issueCertificate, makeAuthority } from './certificate.ts';
export type { Authority, Identity, ServiceCertificate, Validity } from './certificate.ts';
export { makeNatsKey } from './nats-key.ts';
export type { NatsKey } from './nats-key.ts';
export { writeIdentities } from './write-identities.ts';
export type { IdentitiesWanted } from './write-identities.ts';

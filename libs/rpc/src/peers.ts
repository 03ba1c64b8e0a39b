/**
 * Which service a certificate is for, and what that one may call. Says nothing where there is no certificate: then the
 * caller is on this machine, or the network vouches for it.
 *
 *   N1. What services say to each other is for the one that says it: only an executor is given the passwords of connections.
 *   N2. An executor, which runs on machines of users' data, steers nothing: it starts no run and changes no workflow.
 */
import { FloeError } from '@floe/errors';
import { methodName, type MethodContract } from './contract.ts';
import type { AnyServerCall } from './server-call.ts';

const INTERNAL = 'floe.internal.v1.';
const PUBLIC = 'floe.v1.';

const CALLERS: Readonly<Record<string, string>> = {
  AttemptService: 'executor',
  ArtifactService: 'executor',
  ConnectionService: 'executor',
  RecordService: 'executor',
  LegacyService: 'gateway',
  LoadService: 'scheduler',
};

/** Throws CALLER_REFUSED when the certificate of the caller is for a service that has nothing to ask here. */
export function requirePeer(
  call: Pick<AnyServerCall, 'getAuthContext'>,
  method: MethodContract,
): void {
  const name = call.getAuthContext()?.sslPeerCertificate?.subject.CN;
  if (name === undefined) return;
  const commonName = [name].flat()[0] ?? '';
  if (mayCall(commonName, method.path.split('/')[1] ?? '')) return;
  throw new FloeError('CALLER_REFUSED', `'${commonName}' may not call ${methodName(method)}`, {
    details: { certificate: commonName },
    hint: 'The common name of a certificate begins with the name of its service, like executor or executor-3.',
  });
}

/** `executor-3.internal` is an executor. */
export function mayCall(commonName: string, service: string): boolean {
  const role = /^[a-z]+/.exec(commonName)?.[0] ?? '';
  if (service.startsWith(INTERNAL)) return CALLERS[service.slice(INTERNAL.length)] === role;
  return role !== 'executor' || !service.startsWith(PUBLIC);
}

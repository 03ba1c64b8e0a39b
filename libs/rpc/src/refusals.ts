/**
 * What a server refuses is counted, by method and code, at the one place that every call passes.
 *
 *   R1. A request that is no message of its method reaches no handler, and is answered in words.
 *   R2. A call of which no whole message came (larger than the limit, broken, cut off) is counted as UNREAD: grpc-js
 *       answers it itself.
 *   R3. What a service could not do, by a fault of its own or in time, is no refusal.
 */
import { ServerInterceptingCall } from '@grpc/grpc-js';
import type { ServerInterceptor } from '@grpc/grpc-js';
import { FloeError } from '@floe/errors';
import type { ErrorCategory } from '@floe/errors';
import { countRefusal } from '@floe/telemetry';
import type { Telemetry } from '@floe/telemetry';
import { methodName } from './contract.ts';
import type { MethodContract, ServiceContract } from './contract.ts';

const REFUSED: ReadonlySet<ErrorCategory> = new Set([
  'invalid',
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'precondition',
  'exhausted',
  'unimplemented',
]);

/** Stands for a request that could not be read. */
class Unreadable {
  readonly cause: unknown;

  constructor(cause: unknown) {
    this.cause = cause;
  }
}

/** The same service, whose requests are read without throwing (R1). */
export function withReadableRequests(contract: ServiceContract): ServiceContract {
  const methods = Object.entries(contract).map(([name, method]) => {
    const requestDeserialize = (bytes: Buffer): unknown => {
      try {
        return method.requestDeserialize(bytes);
      } catch (thrown) {
        return new Unreadable(thrown);
      }
    };
    return [name, { ...method, requestDeserialize }] as const;
  });
  return Object.fromEntries(methods);
}

/** Throws ARGUMENT_INVALID for a request that could not be read. */
export function requireReadable(request: unknown, method: MethodContract): void {
  if (!(request instanceof Unreadable)) return;
  throw new FloeError('ARGUMENT_INVALID', `the request is no message of ${methodName(method)}`, {
    cause: request.cause,
    hint: 'Are the caller and this service of versions that know each other?',
  });
}

/** R3 */
export function countRefused(method: MethodContract, { category, code }: FloeError): void {
  if (!REFUSED.has(category)) return;
  countRefusal({ surface: 'rpc', place: methodName(method), reason: code });
}

/** R2 */
export function countUnread(telemetry: Telemetry | undefined): ServerInterceptor {
  return (method, call) => {
    let isRead = false;
    const place = method.path.slice(1);
    const count = () => countRefusal({ surface: 'rpc', place, reason: 'UNREAD' });
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMessage(message, pass) {
            isRead = true;
            pass(message);
          },
          onCancel() {
            if (isRead) return;
            if (telemetry === undefined) count();
            else telemetry.within(count);
          },
        }),
    });
  };
}

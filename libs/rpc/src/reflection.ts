import { status } from '@grpc/grpc-js';
import type { Server, ServerDuplexStream } from '@grpc/grpc-js';
import { loadDescriptors } from './descriptors.ts';
import type { Descriptors } from './descriptors.ts';
import { ServerReflectionService as ReflectionV1 } from './generated/grpc/reflection/v1/reflection.ts';
import type {
  ServerReflectionRequest,
  ServerReflectionResponse,
} from './generated/grpc/reflection/v1/reflection.ts';
import { ServerReflectionService as ReflectionV1Alpha } from './generated/grpc/reflection/v1alpha/reflection.ts';

type ReflectionStream = ServerDuplexStream<ServerReflectionRequest, ServerReflectionResponse>;
type Answer = ServerReflectionResponse['messageResponse'];

/**
 * Adds gRPC reflection, in the version of today and in the older `v1alpha` that many tools still ask first. Their
 * messages are the same on the wire and in TypeScript.
 */
export function addReflection(server: Server, serviceNames: readonly string[]): void {
  let descriptors: Descriptors | undefined;
  const serve = (stream: ReflectionStream) => {
    descriptors ??= loadDescriptors();
    answerAll(stream, { descriptors, serviceNames });
  };
  server.addService(ReflectionV1, { serverReflectionInfo: serve });
  server.addService(ReflectionV1Alpha, { serverReflectionInfo: serve });
}

type Known = { readonly descriptors: Descriptors; readonly serviceNames: readonly string[] };

/** By events, not by `for await`: that would destroy the stream before its status was sent. */
function answerAll(stream: ReflectionStream, known: Known): void {
  stream.on('data', (request: ServerReflectionRequest) => {
    const messageResponse = answer(request.messageRequest, known);
    const response = { validHost: request.host, originalRequest: request, messageResponse };
    if (stream.write(response)) return;
    // Reading on would let a client that never reads fill the memory.
    stream.pause();
    stream.once('drain', () => stream.resume());
  });
  stream.on('end', () => stream.end());
}

function answer(request: ServerReflectionRequest['messageRequest'], known: Known): Answer {
  switch (request?.$case) {
    case 'listServices': {
      const service = known.serviceNames.map((name) => ({ name }));
      return { $case: 'listServicesResponse', value: { service } };
    }
    case 'fileByFilename':
      return files(known.descriptors.fileByName(request.value), request.value);
    case 'fileContainingSymbol':
      return files(known.descriptors.fileOfSymbol(request.value), request.value);
    case 'fileContainingExtension':
      return failure(status.NOT_FOUND, `no extension of ${request.value.containingType}`);
    case 'allExtensionNumbersOfType':
      return failure(status.NOT_FOUND, `no extensions of ${request.value}`);
    case undefined:
      return failure(status.INVALID_ARGUMENT, 'the request asks for nothing');
  }
}

function files(found: Buffer[] | undefined, name: string): Answer {
  if (found === undefined) return failure(status.NOT_FOUND, `nothing here is named ${name}`);
  return { $case: 'fileDescriptorResponse', value: { fileDescriptorProto: found } };
}

function failure(errorCode: status, errorMessage: string): Answer {
  return { $case: 'errorResponse', value: { errorCode, errorMessage } };
}

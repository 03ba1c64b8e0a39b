import { createFileRegistry, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { DescFile, FileRegistry } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { DESCRIPTOR_SET_BASE64 } from './generated/descriptor.ts';

/** The descriptors of all that Floe's servers speak, as gRPC reflection serves them. */
export type Descriptors = {
  /** A file and all that it imports, itself first, as FileDescriptorProto bytes. */
  fileByName(name: string): Buffer[] | undefined;
  /** The same for the file that declares a message, enum, service or method. */
  fileOfSymbol(symbol: string): Buffer[] | undefined;
};

/** Takes some milliseconds, so a server does it when the first reflection call comes. */
export function loadDescriptors(): Descriptors {
  const set = fromBinary(FileDescriptorSetSchema, Buffer.from(DESCRIPTOR_SET_BASE64, 'base64'));
  const registry = createFileRegistry(set);
  return {
    fileByName: (name) => withImports(registry.getFile(name)),
    fileOfSymbol: (symbol) => withImports(fileOfSymbol(registry, symbol)),
  };
}

/** A method is not in the registry by itself: its service is. */
function fileOfSymbol(registry: FileRegistry, symbol: string): DescFile | undefined {
  const parent = symbol.slice(0, Math.max(0, symbol.lastIndexOf('.')));
  return (registry.get(symbol) ?? registry.getService(parent))?.file;
}

/** Clients that know nothing yet need the imports as well; each file comes once. */
function withImports(file: DescFile | undefined): Buffer[] | undefined {
  if (file === undefined) return undefined;
  const found = new Set<DescFile>([file]);
  for (const next of found) {
    for (const imported of next.dependencies) found.add(imported);
  }
  return [...found].map((one) => Buffer.from(toBinary(FileDescriptorProtoSchema, one.proto)));
}

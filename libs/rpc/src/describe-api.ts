/**
 * What Floe's services speak, for those who describe it in other forms: methods, and messages as JSON Schema (draft
 * 2020-12) of their proto JSON with every plain field and list written.
 */
import { ScalarType, createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import type {
  DescEnum,
  DescField,
  DescMessage,
  DescMethod,
  FileRegistry,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { COMMENTS } from './generated/comments.ts';
import { DESCRIPTOR_SET_BASE64 } from './generated/descriptor.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

export type ApiMethod = {
  /** Like `floe.v1.SchedulerService`. */
  readonly service: string;
  /** In lower camel case, as clients call it. */
  readonly name: string;
  /** Full names of messages. */
  readonly request: string;
  readonly response: string;
  readonly isStream: boolean;
  readonly comment: string;
};

export type ApiDescription = {
  readonly methods: readonly ApiMethod[];
  /** The names of a message's fields as JSON has them. Throws for a message that is not there. */
  fieldsOf(message: string): readonly string[];
  /** A message and all that it holds, each under its own name without the package. */
  schemasOf(messages: readonly string[]): Readonly<Record<string, JsonSchema>>;
};

const PACKAGE = 'floe.v1.';

/** Takes some milliseconds: done once by whoever needs it. */
export function describeApi(): ApiDescription {
  const set = fromBinary(FileDescriptorSetSchema, Buffer.from(DESCRIPTOR_SET_BASE64, 'base64'));
  const registry = createFileRegistry(set);
  return {
    methods: [...registry].flatMap((found) =>
      found.kind === 'service' ? found.methods.map(toMethod) : [],
    ),
    fieldsOf: (message) => requireMessage(registry, message).fields.map(jsonNameOf),
    schemasOf: (messages) =>
      schemasOf(messages.map((message) => requireMessage(registry, message))),
  };
}

/** The name of a message among the schemas. */
export function schemaName(message: string): string {
  return message.startsWith(PACKAGE) ? message.slice(PACKAGE.length) : message;
}

function requireMessage(registry: FileRegistry, name: string): DescMessage {
  const message = registry.getMessage(name);
  if (message === undefined) throw new RangeError(`there is no message ${name}`);
  return message;
}

function toMethod(method: DescMethod): ApiMethod {
  const service = method.parent.typeName;
  return {
    service,
    name: method.localName,
    request: method.input.typeName,
    response: method.output.typeName,
    isStream: method.methodKind === 'server_streaming',
    comment: commentOf(`${service}.${method.name}`),
  };
}

function schemasOf(roots: readonly DescMessage[]): Record<string, JsonSchema> {
  const schemas: Record<string, JsonSchema> = {};
  const wanted = new Set<DescMessage | DescEnum>(roots);
  for (const next of wanted) {
    schemas[schemaName(next.typeName)] =
      next.kind === 'enum' ? enumSchema(next) : messageSchema(next, (part) => wanted.add(part));
  }
  return schemas;
}

function enumSchema({ typeName, values }: DescEnum): JsonSchema {
  return { type: 'string', ...described(typeName), enum: values.map((value) => value.name) };
}

type Want = (part: DescMessage | DescEnum) => void;

function messageSchema(message: DescMessage, want: Want): JsonSchema {
  const required = message.fields.filter(isAlwaysWritten).map(jsonNameOf);
  const properties = message.fields.map((field) => [
    jsonNameOf(field),
    withComment(fieldSchema(field, want), `${message.typeName}.${field.name}`),
  ]);
  return {
    type: 'object',
    ...described(message.typeName),
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(properties),
  };
}

/** Messages and instants are left out when they are absent; so is what is one of several. */
function isAlwaysWritten(field: DescField): boolean {
  if (field.fieldKind === 'list' || field.fieldKind === 'map') return true;
  const isOptional = field.oneof !== undefined || field.proto.proto3Optional;
  return field.fieldKind !== 'message' && !isOptional;
}

function fieldSchema(field: DescField, want: Want): JsonSchema {
  switch (field.fieldKind) {
    case 'scalar':
      return scalarSchema(field.scalar);
    case 'enum':
      return reference(field.enum, want);
    case 'message':
      return typeSchema(field.message, want);
    case 'map': {
      return { type: 'object', additionalProperties: partSchema(field, want) };
    }
    case 'list':
      return { type: 'array', items: partSchema(field, want) };
  }
}

type Parts = Extract<DescField, { fieldKind: 'map' | 'list' }>;

function partSchema(field: Parts, want: Want): JsonSchema {
  if (field.scalar !== undefined) return scalarSchema(field.scalar);
  return field.enum === undefined
    ? typeSchema(field.message as DescMessage, want)
    : reference(field.enum, want);
}

const WELL_KNOWN: Readonly<Record<string, JsonSchema>> = {
  'google.protobuf.Timestamp': { type: 'string', format: 'date-time' },
  'google.protobuf.Struct': { type: 'object' },
  'google.protobuf.Value': {},
  'google.protobuf.ListValue': { type: 'array' },
};

function typeSchema(message: DescMessage, want: Want): JsonSchema {
  return WELL_KNOWN[message.typeName] ?? reference(message, want);
}

function reference(part: DescMessage | DescEnum, want: Want): JsonSchema {
  want(part);
  return { $ref: `#/components/schemas/${schemaName(part.typeName)}` };
}

const INT64 = { type: 'string', pattern: String.raw`^-?\d+$` };

function scalarSchema(scalar: ScalarType): JsonSchema {
  switch (scalar) {
    case ScalarType.STRING:
      return { type: 'string' };
    case ScalarType.BOOL:
      return { type: 'boolean' };
    case ScalarType.BYTES:
      return { type: 'string', contentEncoding: 'base64' };
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return { type: 'number' };
    case ScalarType.INT64:
    case ScalarType.UINT64:
    case ScalarType.SINT64:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return INT64;
    default:
      return { type: 'integer', format: 'int32' };
  }
}

function jsonNameOf(field: DescField): string {
  return field.jsonName;
}

function withComment(schema: JsonSchema, name: string): JsonSchema {
  return { ...schema, ...described(name) };
}

function described(name: string): JsonSchema {
  const comment = commentOf(name);
  return comment === '' ? {} : { description: comment };
}

function commentOf(name: string): string {
  return COMMENTS[name] ?? '';
}

export { openMongoSource } from './open-source.ts';
export type { MongoSource, SourceOptions } from './open-source.ts';
export type { SourceRecord } from './record.ts';
export { withoutPassword } from './read-server.ts';

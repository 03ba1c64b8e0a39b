import { createReadStream, createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { BlobStore } from './dataset-store.ts';

export type S3Location = { readonly bucket: string; readonly prefix: string };

// S3 takes 10,000 parts of a file: with 16 MiB each that is 160 GiB, and two in memory are little.
const PART_BYTES = 16 * 1024 * 1024;
const PARTS_AT_ONCE = 2;
// A server that does not even accept a connection within this is down.
const CONNECT_WITHIN_MS = 5_000;
const ANSWER_WITHIN_MS = 60_000;

/** `s3://bucket/prefix`; undefined for anything else. */
export function parseS3Location(uri: string): S3Location | undefined {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([\w./-]*))?$/.exec(uri);
  if (match === null) return undefined;
  const prefix = (match[2] ?? '').replace(/^\/+|\/+$/g, '');
  return { bucket: match[1]!, prefix: prefix === '' ? '' : `${prefix}/` };
}

/**
 * A bucket of S3, or of what speaks its language. Region, credentials and endpoint come from the standard variables
 * (AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT_URL_S3) or the roles of the machine.
 */
export function s3Blobs({ bucket, prefix }: S3Location): BlobStore & { close(): void } {
  const client = new S3Client({
    // Servers other than Amazon's rarely have a host name for each bucket.
    forcePathStyle: true,
    requestHandler: { connectionTimeout: CONNECT_WITHIN_MS, requestTimeout: ANSWER_WITHIN_MS },
  });
  const keyed = (key: string) => ({ Bucket: bucket, Key: prefix + key });
  return {
    baseUri: `s3://${bucket}/${prefix}`,
    async put(key, path) {
      const body = createReadStream(path);
      const params = { ...keyed(key), Body: body };
      try {
        await new Upload({ client, params, partSize: PART_BYTES, queueSize: PARTS_AT_ONCE }).done();
      } finally {
        // An upload that fails leaves it open.
        body.destroy();
      }
    },
    async get(key, path) {
      try {
        const { Body } = await client.send(new GetObjectCommand(keyed(key)));
        await pipeline(Body as Readable, createWriteStream(path));
        return true;
      } catch (thrown) {
        if (thrown instanceof NoSuchKey) return false;
        throw thrown;
      }
    },
    async list(limit) {
      const found: { key: string; modifiedMs: number }[] = [];
      let token: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
        );
        for (const { Key = '', LastModified } of page.Contents ?? []) {
          found.push({ key: Key.slice(prefix.length), modifiedMs: LastModified?.getTime() ?? 0 });
        }
        token = page.NextContinuationToken;
      } while (token !== undefined && found.length < limit);
      return found.slice(0, limit);
    },
    async remove(key) {
      await client.send(new DeleteObjectCommand(keyed(key)));
    },
    close: () => client.destroy(),
  };
}

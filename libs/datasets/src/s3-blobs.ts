import { createReadStream, createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { BlobStore } from './dataset-store.ts';
import { describeS3Failure } from './s3-failure.ts';

export type S3Location = { readonly bucket: string; readonly prefix: string };

// S3 takes 10,000 parts of a file: with 16 MiB each that is 160 GiB, and two in memory are little.
const PART_BYTES = 16 * 1024 * 1024;
const PARTS_AT_ONCE = 2;
// A server that does not even accept a connection within this is down.
const CONNECT_WITHIN_MS = 5_000;
// Neither a byte of an answer nor one more of a file for so long: the slot that waits for it is worth more.
const STALLED_MS = 60_000;

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
export function s3Blobs(
  { bucket, prefix }: S3Location,
  stalledMs = STALLED_MS,
): BlobStore & { close(): void } {
  const client = openClient(stalledMs);
  const keyed = (key: string) => ({ Bucket: bucket, Key: prefix + key });
  const asking = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (thrown) {
      throw describeS3Failure(thrown, bucket);
    }
  };
  return {
    baseUri: `s3://${bucket}/${prefix}`,
    put: (key, path) =>
      asking(async () => {
        const body = createReadStream(path);
        const params = { ...keyed(key), Body: body };
        const options = { client, params, partSize: PART_BYTES, queueSize: PARTS_AT_ONCE };
        // An upload that fails leaves the file open.
        await new Upload(options).done().finally(() => body.destroy());
      }),
    mark: (key) =>
      asking(async () => {
        await client.send(new PutObjectCommand({ ...keyed(key), ContentLength: 0 }));
      }),
    get: (key, path) =>
      asking(async () => {
        const found = await client.send(new GetObjectCommand(keyed(key))).catch(ignoreMissing);
        if (found === undefined) return false;
        await pipeline(found.Body as Readable, createWriteStream(path));
        return true;
      }),
    async *list() {
      let token: string | undefined;
      do {
        const query = { Bucket: bucket, Prefix: prefix, ContinuationToken: token };
        const page = await asking(() => client.send(new ListObjectsV2Command(query)));
        for (const { Key = '', LastModified } of page.Contents ?? [])
          yield { key: Key.slice(prefix.length), modifiedMs: LastModified?.getTime() ?? 0 };
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },
    remove: (key) =>
      asking(async () => {
        await client.send(new DeleteObjectCommand(keyed(key)));
      }),
    close: () => client.destroy(),
  };
}

function openClient(stalledMs: number): S3Client {
  return new S3Client({
    // Servers other than Amazon's rarely have a host name for each bucket.
    forcePathStyle: true,
    // A bucket says itself where it lies.
    followRegionRedirects: true,
    requestHandler: {
      connectionTimeout: CONNECT_WITHIN_MS,
      requestTimeout: stalledMs,
      // Without it the client would only warn, and wait.
      throwOnRequestTimeout: true,
      // Of the body, which comes after what the other one bounds.
      socketTimeout: stalledMs,
    },
  });
}

function ignoreMissing(thrown: unknown): undefined {
  if (!(thrown instanceof NoSuchKey)) throw thrown;
}

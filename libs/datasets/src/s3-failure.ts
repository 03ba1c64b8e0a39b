/** What went wrong with a bucket, in words of whoever runs the executor. */
import { S3ServiceException } from '@aws-sdk/client-s3';
import { FloeError } from '@floe/errors';

const RIGHTS =
  'It needs GetObject, PutObject, DeleteObject, AbortMultipartUpload and ListBucket: see the AWS_ variables of the ' +
  'executor, or the role of its machine.';
const RENEW = 'Renew the AWS_ variables of the executor and start it again.';
const HINTS: Readonly<Record<string, string>> = {
  AccessDenied: RIGHTS,
  InvalidAccessKeyId: RIGHTS,
  SignatureDoesNotMatch: RIGHTS,
  CredentialsProviderError: RIGHTS,
  ExpiredToken: RENEW,
  TokenRefreshRequired: RENEW,
  RequestTimeTooSkewed: 'The clock of the executor is wrong: set it, best by NTP.',
  NoSuchBucket: 'Make the bucket, or name another one in FLOE_DATASET_STORE.',
  PermanentRedirect: 'The bucket lies in another region: set AWS_REGION.',
  AuthorizationHeaderMalformed: 'The bucket lies in another region: set AWS_REGION.',
};

export function describeS3Failure(thrown: unknown, bucket: string): unknown {
  if (!(thrown instanceof Error)) return thrown;
  // A disk of ours that takes no more is no matter of the bucket; who calls says what it is.
  const { name, message } = thrown;
  const status = thrown instanceof S3ServiceException ? thrown.$metadata.httpStatusCode : undefined;
  if (status === undefined && HINTS[name] === undefined) return thrown;
  const said = status === undefined ? message : `${message || name} (${name}, HTTP ${status})`;
  return new FloeError('DATASET_STORE_UNAVAILABLE', `the bucket ${bucket} refuses: ${said}`, {
    cause: thrown,
    details: { bucket },
    hint: HINTS[name] ?? 'Check FLOE_DATASET_STORE of the executor, and the bucket itself.',
  });
}

import { createHash } from 'node:crypto';
import { FloeError } from '@floe/errors';

// Below it a token could be guessed; above it is no token.
const TOKEN_LENGTH_MIN = 32;
const TOKEN_LENGTH_MAX = 256;

/** The hash of a token that is long enough to be one: what the database keeps. */
export function requireToken(token: string): string {
  if (token.length >= TOKEN_LENGTH_MIN && token.length <= TOKEN_LENGTH_MAX) return hashToken(token);
  const wanted = `${TOKEN_LENGTH_MIN} to ${TOKEN_LENGTH_MAX} characters`;
  throw new FloeError('ARGUMENT_INVALID', `the token has ${token.length}, not ${wanted}`);
}

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Hashes each token of one call once: the attempts that one exchange took share theirs. */
export function tokenHasher(): (token: string) => string {
  const hashes = new Map<string, string>();
  return (token) => {
    const hash = hashes.get(token) ?? hashToken(token);
    hashes.set(token, hash);
    return hash;
  };
}

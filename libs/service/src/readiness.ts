import { FloeError } from '@floe/errors';

/** Resolves when the part answers; what it throws is not told to probes. */
export type PartCheck = () => Promise<void>;

// Shorter than the second or two that probes wait.
const ANSWER_WITHIN_MS = 1_500;

/**
 * Whether a service can do its work now: everything that it cannot do without answers. Throws SERVICE_UNAVAILABLE with the
 * names of what does not. A service that is not ready is still alive: restarting it would bring nothing back.
 */
export function createReadiness(parts: Readonly<Record<string, PartCheck>>): () => Promise<void> {
  let current: Promise<void> | undefined;
  // Probes that come at the same time share one look.
  return () => (current ??= look(parts).finally(() => (current = undefined)));
}

async function look(parts: Readonly<Record<string, PartCheck>>): Promise<void> {
  const answers = await Promise.all(
    Object.entries(parts).map(async ([name, check]) => ((await isThere(check)) ? [] : [name])),
  );
  const missing = answers.flat();
  if (missing.length === 0) return;
  throw new FloeError('SERVICE_UNAVAILABLE', `not ready: ${missing.join(', ')}`, {
    details: { parts: missing.join(',') },
    hint: 'It is ready again by itself once they are back.',
  });
}

async function isThere(check: PartCheck): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), ANSWER_WITHIN_MS);
  const answer = check().then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

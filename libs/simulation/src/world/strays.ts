/**
 * Errors that nobody in the code under test caught: its processes would die of them. Whose they are cannot be told, so
 * every world that runs at the moment hears of them; who wants to know runs them one by one.
 */
type Hear = (error: Error) => void;

const HEARERS = new Set<Hear>();

export function catchStrays(hear: Hear): () => void {
  if (HEARERS.size === 0) process.on('unhandledRejection', onStray);
  HEARERS.add(hear);
  return () => {
    HEARERS.delete(hear);
    if (HEARERS.size === 0) process.off('unhandledRejection', onStray);
  };
}

function onStray(thrown: unknown): void {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  for (const hear of HEARERS) hear(error);
}

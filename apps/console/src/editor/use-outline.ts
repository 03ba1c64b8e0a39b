import { floe } from '../api.ts';
import { useAnswer } from '../use-answer.ts';
import type { Outline } from './outline.ts';
import { schemaOutline } from './schema-outline.ts';

const NOTHING: Outline = {};

/**
 * What may stand in a document of this Floe, with the task types that its packages bring. Until that is known nothing is
 * offered; what is wrong is found all the same.
 */
export function useOutline(): Outline {
  const { value } = useAnswer({
    key: 'document schema',
    call: async () => schemaOutline(await floe.getDocumentSchema()),
  });
  return value ?? NOTHING;
}

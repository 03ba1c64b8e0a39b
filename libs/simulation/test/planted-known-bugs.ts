/** Bugs about results that are known from earlier runs. */
import type { Batch, ResultWish } from '@floe/scheduling';
import type { Seams } from '../src/index.ts';
import { inTransactions, type PlantedBug } from './planting.ts';

/** As the keys of results are made: the text, its parameters, the contents of its inputs, a key of the document. */
type KeyParts = readonly [text: string, given: unknown, inputs: unknown, key: unknown];

/** A store in which keys say less than they should. */
function withKeys(change: (parts: KeyParts) => unknown): Seams['store'] {
  const keyOf = (key: string) => JSON.stringify(change(JSON.parse(key) as KeyParts));
  const lessSaid = (wish: ResultWish): ResultWish => ({ ...wish, key: keyOf(wish.key) });
  const written = (batch: Batch): Batch => ({
    ...batch,
    results: batch.results.map((row) => ({ ...row, key: keyOf(row.key) })),
  });
  return inTransactions((tx) => ({
    findResults: (wishes) => tx.findResults(wishes.map(lessSaid)),
    write: (batch) => tx.write(written(batch)),
  }));
}

export const KNOWN_BUGS: readonly PlantedBug[] = [
  {
    name: 'a result is taken for that of other inputs',
    seenBy: 'known-results',
    seams: { store: withKeys(([text, given, , key]) => [text, given, key]) },
  },
  {
    name: 'a result is taken for that of another text',
    seenBy: 'known-results',
    seams: { store: withKeys(([, given, inputs, key]) => [given, inputs, key]) },
  },
  {
    name: 'the age of a known result is not looked at',
    seenBy: 'known-results',
    seams: {
      store: inTransactions((tx) => ({
        findResults: (wishes) => tx.findResults(wishes.map(({ key }) => ({ key }))),
      })),
    },
  },
];

/**
 * What tasks have made and others read, and who clears it away. The content says what it was made of: the text of the task,
 * and the contents of its inputs. So equal contents are equal work, whoever did it.
 */
export type DatasetReference = { readonly uri: string; readonly hash: string };

type Dataset = { readonly content: string; readonly madeAt: number };

export class Datasets {
  readonly #there = new Map<string, Dataset>();
  /** Also of those that are gone. */
  readonly #madeAt = new Map<string, number>();

  make(uri: string, dataset: Dataset): DatasetReference {
    this.#there.set(uri, dataset);
    this.#madeAt.set(uri, dataset.madeAt);
    return { uri, hash: dataset.content };
  }

  /** Its content; undefined when it is gone. */
  read(uri: string): string | undefined {
    return this.#there.get(uri)?.content;
  }

  madeAt(uri: string): number | undefined {
    return this.#madeAt.get(uri);
  }

  collect(uri: string): void {
    this.#there.delete(uri);
  }

  /** As somebody who makes room. */
  collectAll(): void {
    this.#there.clear();
  }
}

/** The content of an input that makes none, as a load, or that was skipped. */
export const NO_DATASET = '-';

/** What a task makes of its inputs. */
export function contentOf(text: string, inputs: readonly string[]): string {
  return `${text}(${inputs.join()})`;
}

/** The text of a task in a world in which results are known; absent elsewhere. */
export function textOf(config: Readonly<Record<string, unknown>>): string | undefined {
  const { text } = config;
  return typeof text === 'string' ? text : undefined;
}

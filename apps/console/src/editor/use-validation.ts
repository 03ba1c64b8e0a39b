import { useEffect, useState } from 'react';
import type { ValidatedWorkflow } from '@floe/client';
import { floe } from '../api.ts';

// A hand that goes on typing is not interrupted; one that rests has an answer at once.
const REST_MS = 250;

export type Validation = {
  /** Of the newest text that was checked; undefined before the first. */
  readonly result: ValidatedWorkflow | undefined;
  readonly error: unknown;
  /** The text has changed since. */
  readonly isStale: boolean;
};

const NOTHING = { source: undefined, result: undefined, error: undefined };

/** Checks a document as it is written, as applying it would. */
export function useValidation(source: string): Validation {
  const [checked, setChecked] = useState<{
    readonly source: string | undefined;
    readonly result: ValidatedWorkflow | undefined;
    readonly error: unknown;
  }>(NOTHING);
  useEffect(() => {
    let isWanted = true;
    const timer = setTimeout(() => {
      floe.validateWorkflow(source).then(
        (result) => isWanted && setChecked({ source, result, error: undefined }),
        (error: unknown) => isWanted && setChecked((before) => ({ ...before, source, error })),
      );
    }, REST_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [source]);
  const { result, error } = checked;
  return { result, error, isStale: checked.source !== source };
}

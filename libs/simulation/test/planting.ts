/** How bugs are planted: ports whose methods do something else. */
import type { RunTransaction } from '@floe/scheduling';
import type { Seams } from '../src/index.ts';

export type PlantedBug = {
  readonly name: string;
  readonly seams: Seams;
  /** Whose silence it tests, where another checker sees the bug as well. */
  readonly seenBy?: string;
};

type OfTransaction = (tx: RunTransaction) => Partial<RunTransaction>;

/** A store whose transactions do some things differently. */
export function inTransactions(change: OfTransaction): Seams['store'] {
  return (store) => ({
    ...bound(store),
    transaction: (work) => store.transaction((tx) => work({ ...bound(tx), ...change(tx) })),
  });
}

/** Its methods as plain functions, so that some can be replaced. */
export function bound<Port extends object>(port: Port): Port {
  const names = new Set(Object.getOwnPropertyNames(Object.getPrototypeOf(port)));
  for (const name of Object.keys(port)) names.add(name);
  names.delete('constructor');
  const entries = [...names].map((name) => {
    const value: unknown = Reflect.get(port, name);
    return [name, typeof value === 'function' ? value.bind(port) : value];
  });
  return Object.fromEntries(entries) as Port;
}

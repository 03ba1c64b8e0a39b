import type { DatasetStore } from '@floe/datasets';
import type { CommandContext, GlobalOptions } from '../context.ts';
import { findNats } from '../server/find-nats.ts';
import { silentLog } from '../silent-log.ts';

// As for `floe events tail`.
const CONNECT_WITHIN_MS = 4_000;

export type OpenStore = AsyncDisposable & {
  store(): Promise<Pick<DatasetStore, 'fetch'>>;
};

/** The store of FLOE_DATASET_STORE, opened when it is asked for; NATS where nothing is said. */
export function lazyStore(
  options: GlobalOptions,
  context: CommandContext,
  folder: string,
): OpenStore {
  const opened = new AsyncDisposableStack();
  let store: Promise<Pick<DatasetStore, 'fetch'>> | undefined;
  const open = async () => {
    const { openDatasetStore } = await import('@floe/datasets');
    const { connectBus } = await import('@floe/bus');
    const kind = context.env['FLOE_DATASET_STORE'] ?? 'nats';
    const now = () => Date.now();
    const noBus = {
      objects: (): never => {
        throw new Error('the store is not NATS');
      },
    };
    const bus =
      kind === 'nats'
        ? opened.use(
            await connectBus({
              ...(await findNats(options, context)),
              name: 'floe-cli',
              log: silentLog(),
              connectWithinMs: CONNECT_WITHIN_MS,
            }),
          )
        : noBus;
    return opened.adopt(openDatasetStore({ store: kind, folder, bus, now }), (each) =>
      each.close(),
    );
  };
  return {
    store: () => (store ??= open()),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

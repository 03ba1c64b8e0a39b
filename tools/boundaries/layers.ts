/** The layer of a package is `floe.layer` of its package.json. What it may import are the layers listed here. */
const MAY_IMPORT = {
  pure: ['pure'],
  base: ['pure', 'base'],
  driver: ['pure', 'base', 'driver'],
  // What packages of task types are written against is public.
  task: ['pure', 'base', 'driver', 'task', 'public'],
  public: ['pure'],
  console: ['pure', 'public'],
  app: ['pure', 'base', 'driver', 'task', 'public'],
  test: ['pure', 'base', 'driver', 'task', 'public'],
  e2e: ['pure', 'base', 'driver', 'task', 'public', 'test'],
  bench: ['pure', 'base', 'driver', 'task', 'public'],
  tools: ['pure', 'base', 'task'],
} as const satisfies Record<string, readonly string[]>;

export type Layer = keyof typeof MAY_IMPORT;

/** Folders beside the workspaces have no package.json of their own to say their layer; '.' is the root's own files. */
const LAYER_OF_FOLDER: Readonly<Record<string, Layer>> = {
  '.': 'tools',
  tools: 'tools',
  e2e: 'e2e',
};

/** Nothing imports an app, with these exceptions; `by` names packages and layers. */
const APP_IMPORTERS: Readonly<
  Record<string, { readonly by: readonly string[]; readonly reason: string }>
> = {
  '@floe/gateway': {
    by: ['tools'],
    reason: 'its pages of reference are made from its table of routes; nothing of it runs there',
  },
  '@floe/embedded': {
    by: ['@floe/cli', '@floe/testing', 'e2e', 'bench'],
    reason:
      'it has no service inside, it starts them: `floe up`, tests and measurements need the same servers',
  },
};

export function toLayer(name: unknown): Layer | undefined {
  return typeof name === 'string' && name in MAY_IMPORT ? (name as Layer) : undefined;
}

export function layerOfFolder(folder: string): Layer | undefined {
  return LAYER_OF_FOLDER[folder];
}

export function mayImport(
  from: { readonly name: string; readonly layer: Layer },
  to: { readonly name: string; readonly layer: Layer },
): boolean {
  const exceptions = APP_IMPORTERS[to.name]?.by ?? [];
  if (exceptions.includes(from.name) || exceptions.includes(from.layer)) return true;
  const layers: readonly Layer[] = MAY_IMPORT[from.layer];
  return layers.includes(to.layer);
}

export function layersBelow(layer: Layer): string {
  return MAY_IMPORT[layer].join(', ') || 'none';
}

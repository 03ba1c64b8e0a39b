/** The form of an OpenLineage run event, specification 2-0-2, as far as Floe fills it. */
export type EventType = 'START' | 'COMPLETE' | 'FAIL' | 'ABORT';

export type Facet = Readonly<Record<string, unknown>> & {
  readonly _producer: string;
  readonly _schemaURL: string;
};

export type Facets = Readonly<Record<string, Facet>>;

export type DatasetName = { readonly namespace: string; readonly name: string };

export type EventDataset = DatasetName & { readonly facets: Facets };

export type RunEvent = {
  readonly eventType: EventType;
  readonly eventTime: string;
  readonly producer: string;
  readonly schemaURL: string;
  readonly run: { readonly runId: string; readonly facets: Facets };
  readonly job: DatasetName & { readonly facets: Facets };
  readonly inputs: readonly EventDataset[];
  readonly outputs: readonly (EventDataset & { readonly outputFacets: Facets })[];
};

/** What Floe did, as OpenLineage says it: https://openlineage.io/docs/spec/object-model. Makes events; sends nothing. */
export { buildRunEvents } from './build-events.ts';
export type { ColumnEdge, LineageDataset, LineageRun, LineageTask, RunEnd } from './facts.ts';
export { toDatasetName } from './dataset-name.ts';
export type { DatasetName, EventType, RunEvent } from './event.ts';

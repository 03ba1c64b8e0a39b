export type { ColumnProfile, DatasetProfile } from './profiles/dataset-profile.ts';
export { mergeProfiles } from './profiles/merge-profiles.ts';
export { previewName, previewPart, type PreviewPart } from './profiles/preview-name.ts';

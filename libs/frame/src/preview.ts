export { MAX_PREVIEW_ROWS } from './arrow/preview-limit.ts';
export type { PreviewValue } from './arrow/preview-value.ts';

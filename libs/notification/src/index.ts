export { isPlaceholder, PLACEHOLDERS } from './placeholders.ts';
export type { Placeholder, PlaceholderValues } from './placeholders.ts';
export { NOTICE_EVENTS } from './rule.ts';
export type { Channel, NoticeEvent, NoticeRule } from './rule.ts';
export { readTemplate, renderTemplate } from './template.ts';
export type { Template, TemplateReading } from './template.ts';

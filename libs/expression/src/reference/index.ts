export { coverageOf, coveragePage, summarise } from './coverage.ts';
export type { ApiName, Coverage, Summary } from './coverage.ts';
export { expressionsPage } from './expressions.ts';
export { languageNames } from './language-names.ts';
export type { LanguageName } from './language-names.ts';
export { sqlPage } from './sql.ts';

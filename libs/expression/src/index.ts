export type { Column, DataType, Schema, TimeUnit } from './data-type.ts';
export { formatDataType, sameType } from './format-data-type.ts';
export { DATA_TYPE_NAMES, parseDataType } from './parse-data-type.ts';
export type { Literal, Program } from './program.ts';
export { parseProgram } from './parse-program.ts';
export { toFramePlan, toPlacedPlan } from './lower/to-frame-plan.ts';
export type { PlacedPlan } from './lower/to-frame-plan.ts';
export type { ParameterValue } from './parameter-value.ts';
export { parametersAsJson } from './parameters-as-json.ts';
export type {
  ConcatKind,
  ExpressionJson,
  FrameNode,
  FramePlan,
  JoinKind,
  UniqueKeep,
} from './frame-plan.ts';
export { checkProgram, parametersOf } from './check-program.ts';
export { explainProgram } from './explain-program.ts';
export { columnLineage } from './column-lineage.ts';
export type { ColumnLineage } from './column-lineage.ts';
export { neverFails } from './demand/never-fails.ts';
export { inputDemand } from './demand/input-demand.ts';
export type { InputDemand } from './demand/input-demand.ts';
export { whyNotRowWise } from './demand/why-not-row-wise.ts';
export { anyOf } from './demand/row-condition.ts';
export type { Comparison, RowCondition, RowValue } from './demand/row-condition.ts';
export type { Edge, How, Transformation } from './analyse/edges.ts';
export type { ProgramContext } from './analyse/analyse-program.ts';
export { translateLegacyExpression, translateLegacyFilter } from './legacy/translate-legacy.ts';
export type { LegacyText, Translated } from './legacy/translate-legacy.ts';
export { parseSql, toSqlPlan } from './sql/to-sql-plan.ts';
export type { SqlQuery } from './sql/to-sql-plan.ts';
export { sqlProgram } from './sql/sql-program.ts';
export type { SqlProgram } from './sql/sql-program.ts';
export { stepsText } from './steps/steps-text.ts';
export type { Step, StepsText } from './steps/steps-text.ts';

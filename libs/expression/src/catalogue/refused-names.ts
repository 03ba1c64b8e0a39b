/**
 * Names of py-polars that Floe refuses on purpose, and what to do instead. The reference of the language and the errors
 * say the same.
 */
const PYTHON = 'no Python runs: write it with Polars expressions';
const NO_ENGINE = 'the bundled Polars is built without it';
const ON_DISK = 'read and write data in tasks of their own';
const INSPECTION = 'it looks at a result: a task gives one frame, which the run shows';

const because = (reason: string, names: string): readonly (readonly [string, string])[] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => [name, reason] as const);

const REFUSED: ReadonlyMap<string, string> = new Map([
  ...because(
    PYTHON,
    `Expr.map_batches Expr.map_elements Expr.apply Expr.map Expr.pipe Expr.rolling_map Expr.register_plugin
     Expr.inspect Expr.deserialize Expr.from_json name.map name.map_fields pl.map_batches pl.map_groups
     LazyFrame.map_batches LazyFrame.pipe LazyFrame.pipe_with_schema LazyGroupBy.map_groups pl.defer`,
  ),
  ...because(
    `${PYTHON}; for sums there is pl.sum_horizontal, for conditions pl.all_horizontal`,
    'pl.fold pl.reduce pl.cum_fold pl.cum_reduce pl.cum_sum_horizontal',
  ),
  ...because(
    `${NO_ENGINE}; compute it in SQL where the data comes from`,
    `Expr.bitwise_and Expr.bitwise_or Expr.bitwise_xor Expr.bitwise_count_ones Expr.bitwise_count_zeros
     Expr.bitwise_leading_ones Expr.bitwise_leading_zeros Expr.bitwise_trailing_ones Expr.bitwise_trailing_zeros
     Expr.hist Expr.search_sorted Expr.interpolate_by Expr.qcut Expr.ewm_mean_by Expr.ewm_sum_by str.extract_groups
     str.extract_many str.find_many str.replace_many dt.add_business_days dt.is_business_day pl.business_day_count
     list.sample list.set_difference list.set_intersection list.set_symmetric_difference arr.dot`,
  ),
  ...because(
    `${NO_ENGINE}; sort by the column and use .rolling(index_column, period=...)`,
    `Expr.rolling_max_by Expr.rolling_min_by Expr.rolling_mean_by Expr.rolling_median_by Expr.rolling_quantile_by
     Expr.rolling_rank_by Expr.rolling_std_by Expr.rolling_sum_by Expr.rolling_var_by`,
  ),
  ...because(
    'groups have no indices here; use .over(...) or pl.int_range',
    'Expr.agg_groups pl.groups',
  ),
  ...because('it changes nothing: leave it out', 'LazyFrame.set_sorted'),
  ...because('name the type itself', 'pl.dtype_of pl.self_dtype'),
  ...because('write the expression in Polars, or the whole task as `sql:`', 'pl.sql_expr pl.sql'),
  ...because('write it as a `sql:` task', 'LazyFrame.sql'),
  ...because(
    'extension types are not supported',
    'ext.storage ext.to pl.get_extension_type pl.register_extension_type pl.unregister_extension_type',
  ),
  ...because(
    'it asks about an expression, which gives no column',
    `meta.as_expression meta.as_selector meta.eq meta.has_multiple_outputs meta.is_column
     meta.is_column_selection meta.is_literal meta.is_regex_projection meta.ne meta.output_name meta.pop
     meta.root_names meta.serialize meta.show_graph meta.tree_format meta.undo_aliases meta.write_json`,
  ),
  ...because(
    'it asks about a selector, which gives no column',
    'cs.Selector cs.expand_selector cs.is_selector',
  ),
  ...because(
    ON_DISK,
    `LazyFrame.sink_batches LazyFrame.sink_csv LazyFrame.sink_delta LazyFrame.sink_iceberg LazyFrame.sink_ipc
     LazyFrame.sink_ndjson LazyFrame.sink_parquet LazyFrame.serialize LazyFrame.deserialize
     pl.read_avro pl.read_clipboard pl.read_csv pl.read_csv_batched pl.read_database pl.read_database_uri pl.read_delta
     pl.read_excel pl.read_ipc pl.read_ipc_schema pl.read_ipc_stream pl.read_json pl.read_lines pl.read_ndjson
     pl.read_ods pl.read_parquet pl.read_parquet_metadata pl.read_parquet_schema pl.scan_arrow_c_stream pl.scan_csv
     pl.scan_delta pl.scan_iceberg pl.scan_ipc pl.scan_lines pl.scan_ndjson pl.scan_parquet pl.scan_pyarrow_dataset
     pl.from_arrow pl.from_dataframe pl.from_dict pl.from_dicts pl.from_numpy pl.from_pandas pl.from_records
     pl.from_repr pl.from_torch pl.json_normalize`,
  ),
  ...because(
    INSPECTION,
    `LazyFrame.collect_schema LazyFrame.columns LazyFrame.describe LazyFrame.dtypes LazyFrame.explain
     LazyFrame.fetch LazyFrame.inspect LazyFrame.profile LazyFrame.schema LazyFrame.show LazyFrame.show_graph
     LazyFrame.width LazyFrame.collect_batches LazyFrame.remote LazyFrame.execute pl.explain_all pl.collect_all
     pl.collect_all_async pl.build_info pl.show_versions pl.thread_pool_size pl.threadpool_size pl.get_index_type
     pl.set_random_seed pl.enable_string_cache pl.disable_string_cache pl.using_string_cache`,
  ),
  ...because('start from an input: input.select(...)', 'pl.select'),
  ...because('join the frames on their key', 'pl.align_frames LazyFrame.with_context'),
  ...because(
    'it has no counterpart in the bundled Polars; cast and select the columns',
    'LazyFrame.match_to_schema',
  ),
  ...because('name the rows with a filter, or use .slice(offset, length)', 'LazyFrame.gather'),
  ...because('join the frames, and use pl.coalesce on the columns of both', 'LazyFrame.update'),
]);

/** Why a name like `Expr.map_elements` is refused; undefined for names that are not. */
export function refusalOf(name: string): string | undefined {
  return REFUSED.get(name);
}

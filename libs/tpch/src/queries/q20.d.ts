export declare const polars: string;
export declare const sql =
  "\nselect s_name, s_address from supplier, nation\nwhere s_suppkey in (\n    select ps_suppkey from partsupp\n    where ps_partkey in (select p_partkey from part where p_name like 'forest%')\n      and ps_availqty > (select 0.5 * sum(l_quantity) from lineitem\n        where l_partkey = ps_partkey and l_suppkey = ps_suppkey and l_shipdate >= date '1994-01-01'\n          and l_shipdate < date '1994-01-01' + interval '1 year'))\n  and s_nationkey = n_nationkey and n_name = 'CANADA' order by s_name\n";

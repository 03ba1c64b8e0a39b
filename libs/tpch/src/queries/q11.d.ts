export declare const polars: string;
export declare const sql =
  "\nselect ps_partkey, round(sum(ps_supplycost * ps_availqty)::numeric, 2)::float8 as value\nfrom partsupp, supplier, nation\nwhere ps_suppkey = s_suppkey and s_nationkey = n_nationkey and n_name = 'GERMANY'\ngroup by ps_partkey\nhaving sum(ps_supplycost * ps_availqty) > (\n  select sum(ps_supplycost * ps_availqty) * 0.0001 from partsupp, supplier, nation\n  where ps_suppkey = s_suppkey and s_nationkey = n_nationkey and n_name = 'GERMANY')\norder by value desc\n";

export declare const polars: string;
export declare const sql =
  "\nselect n_name, sum(l_extendedprice * (1 - l_discount)) as revenue\nfrom customer, orders, lineitem, supplier, nation, region\nwhere c_custkey = o_custkey and l_orderkey = o_orderkey and l_suppkey = s_suppkey and c_nationkey = s_nationkey\n  and s_nationkey = n_nationkey and n_regionkey = r_regionkey and r_name = 'ASIA'\n  and o_orderdate >= date '1994-01-01' and o_orderdate < date '1994-01-01' + interval '1 year'\ngroup by n_name order by revenue desc\n";

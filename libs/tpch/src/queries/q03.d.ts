export declare const polars: string;
export declare const sql =
  "\nselect l_orderkey, sum(l_extendedprice * (1 - l_discount)) as revenue, o_orderdate, o_shippriority\nfrom customer, orders, lineitem\nwhere c_mktsegment = 'BUILDING' and c_custkey = o_custkey and l_orderkey = o_orderkey\n  and o_orderdate < date '1995-03-15' and l_shipdate > date '1995-03-15'\ngroup by l_orderkey, o_orderdate, o_shippriority order by revenue desc, o_orderdate limit 10\n";

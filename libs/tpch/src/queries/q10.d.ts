export declare const polars: string;
export declare const sql =
  "\nselect c_custkey, c_name, round(sum(l_extendedprice * (1 - l_discount))::numeric, 2)::float8 as revenue, c_acctbal, n_name,\n  c_address, c_phone, c_comment\nfrom customer, orders, lineitem, nation\nwhere c_custkey = o_custkey and l_orderkey = o_orderkey and o_orderdate >= date '1993-10-01'\n  and o_orderdate < date '1993-10-01' + interval '3 months' and l_returnflag = 'R' and c_nationkey = n_nationkey\ngroup by c_custkey, c_name, c_acctbal, c_phone, n_name, c_address, c_comment order by revenue desc limit 20\n";

export declare const polars: string;
export declare const sql =
  '\nselect c_name, c_custkey, o_orderkey, o_orderdate, o_totalprice, sum(l_quantity) as col6\nfrom customer, orders, lineitem\nwhere o_orderkey in (select l_orderkey from lineitem group by l_orderkey having sum(l_quantity) > 300)\n  and c_custkey = o_custkey and o_orderkey = l_orderkey\ngroup by c_name, c_custkey, o_orderkey, o_orderdate, o_totalprice\norder by o_totalprice desc, o_orderdate limit 100\n';

export declare const polars: string;
export declare const sql =
  "\nselect o_orderpriority, count(*) as order_count from orders\nwhere o_orderdate >= date '1993-07-01' and o_orderdate < date '1993-07-01' + interval '3 months'\n  and exists (select * from lineitem where l_orderkey = o_orderkey and l_commitdate < l_receiptdate)\ngroup by o_orderpriority order by o_orderpriority\n";

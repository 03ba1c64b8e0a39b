export declare const polars: string;
export declare const sql =
  "\nselect l_shipmode,\n  sum(case when o_orderpriority in ('1-URGENT', '2-HIGH') then 1 else 0 end) as high_line_count,\n  sum(case when o_orderpriority not in ('1-URGENT', '2-HIGH') then 1 else 0 end) as low_line_count\nfrom orders, lineitem\nwhere o_orderkey = l_orderkey and l_shipmode in ('MAIL', 'SHIP') and l_commitdate < l_receiptdate\n  and l_shipdate < l_commitdate and l_receiptdate >= date '1994-01-01'\n  and l_receiptdate < date '1994-01-01' + interval '1 year'\ngroup by l_shipmode order by l_shipmode\n";

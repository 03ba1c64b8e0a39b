export declare const polars: string;
export declare const sql =
  "\nselect c_count, count(*) as custdist from (\n  select c_custkey, count(o_orderkey) as c_count\n  from customer left outer join orders on c_custkey = o_custkey and o_comment not like '%special%requests%'\n  group by c_custkey) as c_orders\ngroup by c_count order by custdist desc, c_count desc\n";

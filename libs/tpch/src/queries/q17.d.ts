export declare const polars: string;
export declare const sql =
  "\nselect round((sum(l_extendedprice) / 7.0)::numeric, 2)::float8 as avg_yearly from lineitem, part\nwhere p_partkey = l_partkey and p_brand = 'Brand#23' and p_container = 'MED BOX'\n  and l_quantity < (select 0.2 * avg(l_quantity) from lineitem where l_partkey = p_partkey)\n";

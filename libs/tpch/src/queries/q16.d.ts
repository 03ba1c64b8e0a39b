export declare const polars: string;
export declare const sql =
  "\nselect p_brand, p_type, p_size, count(distinct ps_suppkey) as supplier_cnt from partsupp, part\nwhere p_partkey = ps_partkey and p_brand <> 'Brand#45' and p_type not like 'MEDIUM POLISHED%'\n  and p_size in (49, 14, 23, 45, 19, 3, 36, 9)\n  and ps_suppkey not in (select s_suppkey from supplier where s_comment like '%Customer%Complaints%')\ngroup by p_brand, p_type, p_size order by supplier_cnt desc, p_brand collate \"C\", p_type collate \"C\", p_size\n";

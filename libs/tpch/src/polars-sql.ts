/**
 * Queries of which the SQL of Polars lacks a part: conditions of outer joins, and queries that look at the row around
 * them. They are written as joins here; all others run as they stand.
 */
const REWRITTEN: Readonly<Record<number, string>> = {
  2: `
with european as (
    select * from partsupp
    join supplier on s_suppkey = ps_suppkey
    join nation on s_nationkey = n_nationkey
    join region on n_regionkey = r_regionkey
    where r_name = 'EUROPE'),
  cheapest as (select ps_partkey as partkey, min(ps_supplycost) as least from european group by ps_partkey)
select s_acctbal, s_name, n_name, p_partkey, p_mfgr, s_address, s_phone, s_comment
from part
join european on p_partkey = ps_partkey
join cheapest on p_partkey = partkey and ps_supplycost = least
where p_size = 15 and p_type like '%BRASS'
order by s_acctbal desc, n_name, s_name, p_partkey limit 100`,
  11: `
with german as (
    select ps_partkey, ps_supplycost * ps_availqty as amount from partsupp, supplier, nation
    where ps_suppkey = s_suppkey and s_nationkey = n_nationkey and n_name = 'GERMANY'),
  sums as (select ps_partkey, sum(amount) as total from german group by ps_partkey)
select ps_partkey, round(total, 2) as value from sums
where total > (select sum(amount) * 0.0001 from german)
order by value desc`,
  13: `
with usual as (select o_custkey, o_orderkey from orders where o_comment not like '%special%requests%'),
  c_orders as (
    select c_custkey, count(o_orderkey) as c_count
    from customer left join usual on c_custkey = o_custkey group by c_custkey)
select c_count, count(*) as custdist from c_orders group by c_count order by custdist desc, c_count desc`,
  17: `
with averages as (select l_partkey as partkey, 0.2 * avg(l_quantity) as few from lineitem group by l_partkey)
select round(sum(l_extendedprice) / 7.0, 2) as avg_yearly
from lineitem
join part on p_partkey = l_partkey
join averages on partkey = l_partkey
where p_brand = 'Brand#23' and p_container = 'MED BOX' and l_quantity < few`,
  20: `
with shipped as (
    select l_partkey, l_suppkey, 0.5 * sum(l_quantity) as half from lineitem
    where l_shipdate >= date '1994-01-01' and l_shipdate < date '1994-01-01' + interval '1 year'
    group by l_partkey, l_suppkey),
  surplus as (
    select ps_suppkey from partsupp
    join shipped on ps_partkey = l_partkey and ps_suppkey = l_suppkey
    where ps_availqty > half and ps_partkey in (select p_partkey from part where p_name like 'forest%'))
select s_name, s_address from supplier, nation
where s_suppkey in (select ps_suppkey from surplus) and s_nationkey = n_nationkey and n_name = 'CANADA'
order by s_name`,
  21: `
with everyone as (select l_orderkey as one, count(distinct l_suppkey) as n from lineitem group by l_orderkey),
  late as (
    select l_orderkey as two, count(distinct l_suppkey) as n_late from lineitem
    where l_receiptdate > l_commitdate group by l_orderkey)
select s_name, count(*) as numwait
from supplier
join lineitem on s_suppkey = l_suppkey
join orders on o_orderkey = l_orderkey
join nation on s_nationkey = n_nationkey
join everyone on l_orderkey = one
join late on l_orderkey = two
where o_orderstatus = 'F' and l_receiptdate > l_commitdate and n_name = 'SAUDI ARABIA' and n > 1 and n_late = 1
group by s_name order by numwait desc, s_name limit 100`,
};

/** A query as the SQL of Polars takes it. It sorts by bytes and has no collations. */
export function polarsSql({
  number,
  sql,
}: {
  readonly number: number;
  readonly sql: string;
}): string {
  return (REWRITTEN[number] ?? sql.replaceAll(' collate "C"', '')).trim();
}

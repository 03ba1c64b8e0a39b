/**
 * The eight tables of TPC-H, filled by PostgreSQL itself from numbers that only depend on the keys: the same on every
 * machine. They follow the specification where the queries look, with fewer different brands, containers and types, so
 * that every query has an answer at a small scale as well.
 */
export const TABLES = [
  'region',
  'nation',
  'supplier',
  'customer',
  'part',
  'partsupp',
  'orders',
  'lineitem',
] as const;

/** Statements that make and fill the tables in the schema of the connection; `scale` 1 is six million line items. */
export function tableStatements(scale: number): readonly string[] {
  const count = (atOne: number): number => Math.max(1, Math.round(atOne * scale));
  const [suppliers, customers] = [count(10_000), count(150_000)];
  const [parts, orders] = [count(200_000), count(1_500_000)];
  return [
    PICK,
    CHOOSE,
    REGION,
    NATION,
    supplier(suppliers),
    customer(customers),
    part(parts),
    partsupp(parts, suppliers),
    lineitem(orders, { parts, suppliers }),
    ordersTable(orders, customers),
    ...INDEXES,
    ...TABLES.map((table) => `analyze ${table}`),
  ];
}

/** What the correlated queries look up, so that PostgreSQL answers them in time. */
const INDEXES = [
  'create index on lineitem (l_orderkey)',
  'create index on lineitem (l_partkey, l_suppkey)',
  'create index on orders (o_custkey)',
  'create index on partsupp (ps_partkey)',
];

/** A number from 0 to below `n` that depends on the key and on what it is for. */
const PICK = `
create function pick(key bigint, salt bigint, n bigint) returns bigint language sql immutable as
$$ select (hashint8extended(key, salt) & 9223372036854775807) % n $$`;

const CHOOSE = `
create function choose(key bigint, salt bigint, words text[]) returns text language sql immutable as
$$ select words[1 + pick(key, salt, array_length(words, 1))] $$`;

const words = (...list: readonly string[]): string => `array['${list.join("','")}']`;
const cents = (key: string, salt: number, [low, high]: readonly [number, number]): string =>
  `((${low * 100} + pick(${key}, ${salt}, ${(high - low) * 100}))::float8 / 100)`;
const phone = (key: string, nation: string): string =>
  `(10 + ${nation})::text || '-' || (100 + pick(${key}, 31, 900)) || '-' || (1000 + pick(${key}, 32, 9000))`;

const REGIONS = ['AFRICA', 'AMERICA', 'ASIA', 'EUROPE', 'MIDDLE EAST'];
const REGION = `
create table region as select (place - 1)::int8 as r_regionkey, name as r_name
from unnest(${words(...REGIONS)}) with ordinality as named(name, place)`;

/** Each with the number of its region. */
const NATIONS: readonly (readonly [string, number])[] = [
  ['ALGERIA', 0],
  ['ARGENTINA', 1],
  ['BRAZIL', 1],
  ['CANADA', 1],
  ['EGYPT', 4],
  ['ETHIOPIA', 0],
  ['FRANCE', 3],
  ['GERMANY', 3],
  ['INDIA', 2],
  ['INDONESIA', 2],
  ['IRAN', 4],
  ['IRAQ', 4],
  ['JAPAN', 2],
  ['JORDAN', 4],
  ['KENYA', 0],
  ['MOROCCO', 0],
  ['MOZAMBIQUE', 0],
  ['PERU', 1],
  ['CHINA', 2],
  ['ROMANIA', 3],
  ['SAUDI ARABIA', 4],
  ['VIETNAM', 2],
  ['RUSSIA', 3],
  ['UNITED KINGDOM', 3],
  ['UNITED STATES', 1],
];
const NATION = `
create table nation as select (place - 1)::int8 as n_nationkey, name as n_name, region::int8 as n_regionkey
from unnest(${words(...NATIONS.map(([name]) => name))}, array[${NATIONS.map(([, region]) => region).join(',')}])
with ordinality as named(name, region, place)`;

const supplier = (count: number): string => `
create table supplier as select key::int8 as s_suppkey, 'Supplier#' || lpad(key::text, 9, '0') as s_name,
  'street ' || pick(key, 11, 1000) as s_address, nation::int8 as s_nationkey, ${phone('key', 'nation')} as s_phone,
  ${cents('key', 12, [-1000, 10000])} as s_acctbal,
  case when pick(key, 13, 20) = 0 then 'slow Customer answers, many Complaints' else 'quick deposits' end as s_comment
from generate_series(1, ${count}) as key, lateral (select pick(key, 14, 25) as nation) as of`;

const SEGMENTS = ['AUTOMOBILE', 'BUILDING', 'FURNITURE', 'HOUSEHOLD', 'MACHINERY'];
const customer = (count: number): string => `
create table customer as select key::int8 as c_custkey, 'Customer#' || lpad(key::text, 9, '0') as c_name,
  'avenue ' || pick(key, 21, 1000) as c_address, nation::int8 as c_nationkey, ${phone('key', 'nation')} as c_phone,
  ${cents('key', 22, [-1000, 10000])} as c_acctbal, choose(key, 23, ${words(...SEGMENTS)}) as c_mktsegment,
  'pending ' || pick(key, 24, 100) as c_comment
from generate_series(1, ${count}) as key, lateral (select pick(key, 25, 25) as nation) as of`;

const COLOURS = [
  'forest',
  'green',
  'almond',
  'blush',
  'coral',
  'ivory',
  'lemon',
  'navy',
  'olive',
  'salmon',
];
const BRANDS = ['Brand#12', 'Brand#23', 'Brand#34', 'Brand#45', 'Brand#51'];
const SIZES = ['SM', 'MED', 'LG'];
const CASES = ['CASE', 'BOX', 'PACK', 'PKG', 'BAG'];
const GRADES = ['STANDARD', 'MEDIUM', 'ECONOMY', 'PROMO'];
const FINISHES = ['ANODIZED', 'BURNISHED', 'POLISHED'];
const METALS = ['BRASS', 'STEEL', 'TIN'];
const part = (count: number): string => `
create table part as select key::int8 as p_partkey,
  choose(key, 41, ${words(...COLOURS)}) || ' ' || choose(key, 42, ${words(...COLOURS)}) as p_name,
  'Manufacturer#' || (1 + pick(key, 43, 5)) as p_mfgr, choose(key, 44, ${words(...BRANDS)}) as p_brand,
  choose(key, 45, ${words(...GRADES)}) || ' ' || choose(key, 46, ${words(...FINISHES)}) || ' ' ||
    choose(key, 47, ${words(...METALS)}) as p_type,
  (1 + pick(key, 48, 50))::int8 as p_size,
  choose(key, 49, ${words(...SIZES)}) || ' ' || choose(key, 50, ${words(...CASES)}) as p_container,
  ${cents('key', 51, [900, 2000])} as p_retailprice
from generate_series(1, ${count}) as key`;

/** Four suppliers for each part; a line item names one of them. */
const supplierOf = (part: string, place: string, suppliers: number): string =>
  `(1 + (${part} + ${place} * (${Math.max(1, Math.floor(suppliers / 4))})) % ${suppliers})::int8`;

const partsupp = (parts: number, suppliers: number): string => `
create table partsupp as select distinct on (ps_partkey, ps_suppkey) * from (
  select part::int8 as ps_partkey, ${supplierOf('part', 'place', suppliers)} as ps_suppkey,
    (1 + pick(part * 4 + place, 61, 9999))::int8 as ps_availqty,
    ${cents('part * 4 + place', 62, [1, 1000])} as ps_supplycost
  from generate_series(1, ${parts}) as part, generate_series(0, 3) as place) as offers`;

const MODES = ['AIR', 'AIR REG', 'MAIL', 'RAIL', 'SHIP', 'TRUCK'];
const INSTRUCTIONS = ['DELIVER IN PERSON', 'COLLECT COD', 'TAKE BACK RETURN'];
/** Some orders are large in all their lines, so that there are some with more than 300 pieces. */
const lineitem = (
  orders: number,
  { parts, suppliers }: { parts: number; suppliers: number },
): string => `
create table lineitem as select l_orderkey, l_linenumber, l_partkey,
  ${supplierOf('l_partkey', 'pick(line, 71, 4)', suppliers)} as l_suppkey, l_quantity,
  round((l_quantity * (90000 + pick(l_partkey, 51, 110000)))::numeric / 100, 2)::float8 as l_extendedprice,
  pick(line, 72, 11)::float8 / 100 as l_discount, pick(line, 73, 9)::float8 / 100 as l_tax,
  case when l_receiptdate > date '1995-06-17' then 'N' when pick(line, 74, 2) = 0 then 'R' else 'A' end as l_returnflag,
  case when l_shipdate > date '1995-06-17' then 'O' else 'F' end as l_linestatus,
  l_shipdate, l_commitdate, l_receiptdate, choose(line, 75, ${words(...INSTRUCTIONS)}) as l_shipinstruct,
  choose(line, 76, ${words(...MODES)}) as l_shipmode
from (
  select "order"::int8 as l_orderkey, place::int8 as l_linenumber, "order"::int8 * 8 + place as line,
    (1 + pick("order"::int8 * 8 + place, 77, ${parts}))::int8 as l_partkey,
    (case when "order" % 97 = 0 then 40 + pick("order"::int8 * 8 + place, 78, 11)
      else 1 + pick("order"::int8 * 8 + place, 78, 50) end)::float8 as l_quantity,
    ordered + (1 + pick("order"::int8 * 8 + place, 79, 121))::int as l_shipdate,
    ordered + (30 + pick("order"::int8 * 8 + place, 80, 61))::int as l_commitdate,
    ordered + (1 + pick("order"::int8 * 8 + place, 79, 121) + 1 + pick("order"::int8 * 8 + place, 81, 30))::int as l_receiptdate
  from generate_series(1, ${orders}) as "order",
    lateral (select ${ORDER_DATE('"order"')} as ordered) as day,
    lateral generate_series(1, case when "order" % 97 = 0 then 7 else 1 + pick("order", 82, 7) end) as place) as lines`;

const PRIORITIES = ['1-URGENT', '2-HIGH', '3-MEDIUM', '4-NOT SPECIFIED', '5-LOW'];
/** A third of the customers never order, as in the specification. */
const ordersTable = (count: number, customers: number): string => `
create table orders as select key::int8 as o_orderkey,
  least(1 + pick(key, 91, ${customers}) / 3 * 3 + pick(key, 92, 2), ${customers})::int8 as o_custkey,
  status.word as o_orderstatus, status.total as o_totalprice, ${ORDER_DATE('key')} as o_orderdate,
  choose(key, 93, ${words(...PRIORITIES)}) as o_orderpriority, 0::int8 as o_shippriority,
  case when pick(key, 94, 50) = 0 then 'special packages and requests' else 'regular deposits' end as o_comment
from generate_series(1, ${count}) as key
join (
  select l_orderkey, round(sum(l_extendedprice * (1 - l_discount))::numeric, 2)::float8 as total,
    case when bool_and(l_linestatus = 'F') then 'F' when bool_and(l_linestatus = 'O') then 'O' else 'P' end as word
  from lineitem group by l_orderkey) as status on l_orderkey = key`;

function ORDER_DATE(key: string): string {
  return `date '1992-01-01' + pick(${key}, 95, 2405)::int`;
}

/** Three pieces of ice that fit together: the mark of Floe. */
export function Shards() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path className="shard-high" d="M4 13 15 5l2 11-9 4z" />
      <path className="shard-middle" d="m18 7 10 6-3 6-6-3z" />
      <path className="shard-low" d="m8 22 9-4 9 3-6 6H11z" />
    </svg>
  );
}

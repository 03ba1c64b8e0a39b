/** Whether a name is like a pattern of ILIKE. It takes one step back at most for each character, whatever the pattern. */
export function isLike(name: string, pattern: string): boolean {
  const text = Array.from(name.toLowerCase());
  const wanted = Array.from(pattern.toLowerCase());
  let at = 0;
  let next = 0;
  let wildcard = -1;
  let resumed = 0;
  while (at < text.length) {
    if (wanted[next] === '%') {
      wildcard = next;
      resumed = at;
      next += 1;
    } else if (wanted[next] === '_' || wanted[next] === text[at]) {
      at += 1;
      next += 1;
    } else if (wildcard !== -1) {
      resumed += 1;
      at = resumed;
      next = wildcard + 1;
    } else return false;
  }
  return wanted.slice(next).every((character) => character === '%');
}

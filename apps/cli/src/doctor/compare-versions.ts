/** Whether a version like `2.12.3` is that or newer. Parts that are no numbers count as 0. */
export function isAtLeast(version: string, wanted: string): boolean {
  const [have, want] = [partsOf(version), partsOf(wanted)];
  for (let index = 0; index < want.length; index += 1) {
    const difference = (have[index] ?? 0) - want[index]!;
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function partsOf(version: string): number[] {
  return version.split('.').map((part) => Number.parseInt(part, 10) || 0);
}

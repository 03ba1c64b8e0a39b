/** The packages that FLOE_TASK_PACKAGES names. */
export function taskPackagesIn({
  FLOE_TASK_PACKAGES: text = '',
}: {
  readonly FLOE_TASK_PACKAGES?: string | undefined;
}): readonly string[] {
  return text.split(',').flatMap((part) => part.trim() || []);
}

/**
 * The form of the leases that this version writes and reads. It is raised when a lease says something new that must not be
 * overlooked, as a field is by a version that does not know it; a field that can be overlooked raises nothing.
 *
 *   1. Before executors said what they know.
 *   2. Loads to rule out, stages, parts of a dataset.
 */
export const LEASE_FORM = 2;

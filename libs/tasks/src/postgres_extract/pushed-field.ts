/** The field of a stored configuration that apply adds: what the tasks behind do not want. */
export const PUSHED_FIELD = 'pushed';

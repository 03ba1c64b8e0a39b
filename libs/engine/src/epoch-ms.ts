/** Milliseconds since 1970, by the clock of the control database. */
export type EpochMs = number & { readonly unit?: 'epoch-ms' };

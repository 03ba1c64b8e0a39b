/** Which page of a list: its size, and where the page before ended. */
export type PageOptions = {
  /** How many at most; the server's default when absent. */
  readonly pageSize?: number;
  /** `nextPageToken` of the page before, with otherwise the same options. */
  readonly pageToken?: string;
};

/** What a scheduler gave to whom. */
export type Exchanged = {
  readonly by: string;
  readonly tokenHash: string;
  readonly leases: readonly {
    readonly runId: string;
    readonly task: number;
    readonly epoch: number;
  }[];
};

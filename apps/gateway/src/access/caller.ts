import type { Level } from './level.ts';

/** Whoever sent a request, once that is known. */
export type Caller = {
  /** What logs of deeds call it: `token:NAME`, or `local` where no token is needed. ASCII without spaces. */
  readonly actor: string;
  readonly level: Level;
  /** The only workflows that it may see and run; empty for all. */
  readonly workflowNames: readonly string[];
  /** Empty without a token. */
  readonly tokenId: string;
};

/** A program of this machine, where the gateway listens on loopback only and asks for no token. */
export const LOCAL_CALLER: Caller = {
  actor: 'local',
  level: 'admin',
  workflowNames: [],
  tokenId: '',
};

/** Where a route asks for nothing, nobody is asked who they are. */
export const ANYBODY: Caller = { actor: 'anybody', level: 'read', workflowNames: [], tokenId: '' };

/** The header by which services learn who asked the gateway. */
export const ACTOR_HEADER = 'floe-actor';

import type { Deed } from '../audit/deed.ts';
import type { Scope } from '../routes/route.ts';
import type { Caller } from './caller.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Known from the first hook on. */
    caller: Caller;
    /** The entry of the audit log; undefined for what changes nothing. */
    deed: Deed | undefined;
  }
  interface FastifyContextConfig {
    /** What the route asks of its callers. Routes of an API that say nothing ask for everything. */
    scope?: Scope;
    /** What logs call the route. */
    operation?: string;
  }
}

const API = /^\/(api|legacy)\//;

/** The scope of a route; `url` is its path in the router, undefined where no route took the request. */
export function scopeOfRoute(url: string | undefined, scope: Scope | undefined): Scope {
  return scope ?? (url !== undefined && API.test(url) ? 'access:admin' : 'public');
}

import { TokenScope } from '@floe/rpc/contracts';
import type { Scope } from '../routes/route.ts';

/** What a token allows, from least to most; each level includes those before it. */
export const LEVELS = ['read', 'run', 'write', 'admin'] as const;

export type Level = (typeof LEVELS)[number];

/** The level that each scope of a route asks for; `public` asks for none. */
const LEVEL_OF_SCOPE: Readonly<Record<Scope, Level | 'public'>> = {
  public: 'public',
  'workflows:read': 'read',
  'runs:read': 'read',
  'connections:read': 'read',
  'system:read': 'read',
  'runs:write': 'run',
  // It logs in to a server with a password of Floe's, so more than looking at it.
  'connections:test': 'run',
  'workflows:write': 'write',
  // Who may name a host for a password gets the password.
  'connections:write': 'admin',
  'access:admin': 'admin',
  // Whoever is let in may ask who that is.
  'caller:read': 'read',
  // A view is of whoever saves it, and changes nothing else.
  'views:write': 'read',
};

export function levelOfScope(scope: Scope): Level | 'public' {
  return LEVEL_OF_SCOPE[scope];
}

export function includes(level: Level, wanted: Level): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(wanted);
}

const SCOPES: Readonly<Record<Level, TokenScope>> = {
  read: TokenScope.READ,
  run: TokenScope.RUN,
  write: TokenScope.WRITE,
  admin: TokenScope.ADMIN,
};

export function toTokenScope(level: Level): TokenScope {
  return SCOPES[level];
}

export function fromTokenScope(scope: TokenScope): Level | undefined {
  return LEVELS.find((level) => SCOPES[level] === scope);
}

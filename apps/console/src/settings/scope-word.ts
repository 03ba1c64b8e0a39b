import type { TokenScope } from '@floe/client';

/** `TOKEN_SCOPE_READ` as `read`. */
export function scopeWord(scope: TokenScope): string {
  return scope.replace('TOKEN_SCOPE_', '').toLowerCase();
}

import { maskSecrets } from '@floe/telemetry';

/** Plain data with every secret in its texts masked. Names of fields stay: a password may be an ordinary word. */
export function maskDeep<Plain>(plain: Plain, secrets: ReadonlySet<string>): Plain {
  return secrets.size === 0 ? plain : (mask(plain, secrets) as Plain);
}

function mask(value: unknown, secrets: ReadonlySet<string>): unknown {
  if (typeof value === 'string') return maskSecrets(value, secrets);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => mask(item, secrets));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, mask(item, secrets)]),
  );
}

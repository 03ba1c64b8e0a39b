const COMMON: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** Sent with every answer: only what the gateway itself serves may run, and nobody may frame it. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  ...COMMON,
  'content-security-policy': contentPolicy("style-src 'self'"),
};

// A year, as browsers want it for their lists; whoever goes back to HTTP earlier has to give the gateway another name.
const HSTS_SECONDS = 365 * 24 * 3_600;

/** Sent over HTTPS under a name of its own: browsers keep to HTTPS there. On loopback others have the same name. */
export const HSTS: Readonly<Record<string, string>> = {
  'strict-transport-security': `max-age=${HSTS_SECONDS}`,
};

/**
 * For the page of the console: its editor makes a style sheet of its own, which has to name this nonce. It is made anew
 * for each page, so that nothing that slipped into a page can know it.
 */
export function pagePolicy(nonce: string): string {
  return contentPolicy(`style-src 'self' 'nonce-${nonce}'`);
}

function contentPolicy(styles: string): string {
  return [
    "default-src 'self'",
    "script-src 'self'",
    styles,
    "img-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

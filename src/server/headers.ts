/** The headers that every answer carries, and which pages may do what in a browser. */

/** The explorer's page: its own scripts, workers and fonts, its own server, nothing else. Monaco sets styles inline. */
export const playgroundPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "object-src 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Answers that are data: a browser that opens one runs nothing of it. */
export const dataPolicy = "default-src 'none'; frame-ancestors 'none'";

/** Headers of every answer, beside its Content-Security-Policy. */
export const commonHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
};

/** Where the hub itself speaks TLS: browsers ask by nothing else for half a year. */
export const strictTransport = 'max-age=15552000';

/** The `Link` header of a page of an API (RFC 8288). */

const LINK = /<([^<>]*)>((?:\s*;\s*[\w!#$%&'*+.^`|~-]+(?:\s*=\s*(?:"[^"]*"|[^\s",;]+))?)*)\s*(?:,|$)/gy;
const REL = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))/i;
const LONGEST = 8_192;

/** The target of the first link whose relation is `next`, as it is written; undefined where there is none. */
export function nextLink(header: string | null): string | undefined {
  if (header === null || header.length > LONGEST) return undefined;
  for (const [, target, parameters = ''] of header.trim().matchAll(LINK)) {
    const rel = REL.exec(parameters);
    if ((rel?.[1] ?? rel?.[2] ?? '').toLowerCase().split(/\s+/).includes('next')) return target;
  }
  return undefined;
}

/** The `Link` header of a page of an API (RFC 8288). */

const LINK = /\s*<([^<>]*)>((?:\s*;\s*[\w!#$%&'*+.^`|~-]+(?:\s*=\s*(?:"[^"]*"|[^\s",;]*))?)*)\s*(?:,|$)/gy;
const PARAMETER = /;\s*([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"([^"]*)"|([^\s",;]*)))?/g;
const LONGEST = 8_192;

/** The target of the first link whose relation is `next`, as it is written; undefined where there is none. */
export function nextLink(header: string | null): string | undefined {
  if (header === null || header.length > LONGEST) return undefined;
  for (const [, target, parameters = ''] of header.matchAll(LINK)) {
    const rel = [...parameters.matchAll(PARAMETER)].find(([, name]) => name?.toLowerCase() === 'rel');
    if ((rel?.[2] ?? rel?.[3] ?? '').toLowerCase().split(/\s+/).includes('next')) return target;
  }
  return undefined;
}

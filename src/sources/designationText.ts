/** A registration number and a name as one text, so that one attribute holds what a partner calls a company. */

/** Stands between the two; no text of a partner holds it, for control characters are refused. */
export const BETWEEN = '\u001f';

/** The parts as one text. */
export function joinDesignation(parts: readonly unknown[]): string {
  return parts.map((part) => String(part ?? '')).join(BETWEEN);
}

/** The parts of such a text. */
export function splitDesignation(text: string): string[] {
  return text.split(BETWEEN);
}

/** What each tab's last answer lacks for whoever asked, kept for the line below the answer and the panel that draws it. */

/** An entry of `extensions.hidden`. */
export interface HiddenField {
  readonly source: string;
  readonly entity: string;
  readonly attribute: string;
  readonly effect: string;
  readonly reason: string;
  readonly scope: string | null;
  readonly ids: readonly string[] | null;
}

/** A list of the answer, by its path, with the sources that the viewer may not ask for it. */
export interface DeniedList {
  readonly list: string;
  readonly sources: readonly string[];
}

/** An answer as the page speaks of it. */
export interface SeenAnswer {
  /** As whom it was asked. */
  readonly askedAs: string;
  /** The hub did not accept the token. */
  readonly isRefused: boolean;
  readonly hidden: readonly HiddenField[];
  readonly denied: readonly DeniedList[];
}

const answers = new Map<string, SeenAnswer>();
const listeners = new Set<() => void>();
let tab = '';

/** The open tab's last answer; undefined before there is one. */
export function seenAnswer(): SeenAnswer | undefined {
  return answers.get(tab);
}

/** Calls the listener at each change, until the function that it gives is called. */
export function onAnswers(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Another tab is open. */
export function showAnswerOf(opened: string): void {
  tab = opened;
  tell();
}

/** An answer came in the open tab. */
export function keepAnswer({ answer, askedAs, isRefused }: { answer: object; askedAs: string; isRefused: boolean }): void {
  const { data, extensions } = answer as { data?: unknown; extensions?: { hidden?: readonly HiddenField[] } };
  answers.set(tab, { askedAs, isRefused, hidden: extensions?.hidden ?? [], denied: deniedIn(data) });
  tell();
}

function tell(): void {
  for (const listener of listeners) listener();
}

/** The lists whose `sources` say DENIED, each path once, with list positions left out. */
function deniedIn(data: unknown): DeniedList[] {
  const found = new Map<string, Set<string>>();
  const walk = (value: unknown, path: readonly string[]): void => {
    if (Array.isArray(value)) for (const inner of value) walk(inner, path);
    else if (typeof value === 'object' && value !== null) {
      const { sourceId, state } = value as { sourceId?: unknown; state?: unknown };
      if (state === 'DENIED' && typeof sourceId === 'string') {
        const list = path.slice(0, -1).join('.') || 'the answer';
        found.set(list, (found.get(list) ?? new Set()).add(sourceId));
      }
      for (const [name, inner] of Object.entries(value)) walk(inner, [...path, name]);
    }
  };
  walk(data, []);
  return [...found].map(([list, sources]) => ({ list, sources: [...sources].sort() }));
}

/** What each tab's last answer lacks for whoever asked, kept for the line below the answer and the panel that draws it. */

/** An entry of `extensions.hidden`. */
export interface HiddenField {
  readonly source: string;
  readonly entity: string;
  /** `*`: the whole book, of which no row shows. */
  readonly attribute: string;
  readonly effect: string;
  readonly reason: string;
  readonly scope: string | null;
  readonly ids: readonly string[] | null;
}

/** An answer as the page speaks of it. */
export interface SeenAnswer {
  /** As whom it was asked. */
  readonly askedAs: string;
  /** The hub did not accept the token. */
  readonly isRefused: boolean;
  readonly hidden: readonly HiddenField[];
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
  const { extensions } = answer as { extensions?: { hidden?: readonly HiddenField[] } };
  answers.set(tab, { askedAs, isRefused, hidden: extensions?.hidden ?? [] });
  tell();
}

function tell(): void {
  for (const listener of listeners) listener();
}

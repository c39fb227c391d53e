/**
 * As whom the Playground asks. `npm start` prints the page's address with tokens in its fragment, which no browser sends to a
 * server; they are taken out of the address at once and kept in `sessionStorage`: for this tab of the browser, until it is
 * closed. Whose each is, the hub says itself. Each tab of the editor has a viewer of its own.
 */

/** Whom a ready query is meant for: a kind of viewer, and of the park's staff the role. */
export type Meant = 'PUBLIC' | 'TENANT' | 'INVESTOR' | 'BANK' | 'PARK OPERATOR';

/** Who a token is from. */
export interface Viewer {
  /** "bank icbc": no two viewers of the page have the same. */
  readonly id: string;
  /** For people. */
  readonly title: string;
  /** The kind, and the role of the park's staff. */
  readonly meant: string;
  /** None of anyone. */
  readonly token?: string;
}

/** What the page knows; another object whenever it changes. */
export interface Viewers {
  /** Anyone first. */
  readonly known: readonly Viewer[];
  /** As whom the open tab asks. */
  readonly current: Viewer;
  /** For whom the open tab is, where there is no token for it. */
  readonly missing: string | undefined;
  /** How many tokens the hub did not accept. */
  readonly refused: number;
  /** Tokens were given, and the hub has not said yet whose they are. */
  readonly isAsking: boolean;
}

/** Anyone: who sends no token. */
export const anyone: Viewer = { id: 'anyone', title: 'Anyone 公众', meant: 'PUBLIC' };

/** A token that the hub made. */
const HUB_TOKEN = /^phk_[A-Za-z0-9_-]{43}$/;
/** What an Authorization header can hold: those of other issuers too. */
const ANY_TOKEN = /^[A-Za-z0-9._~+/-]{1,8000}=*$/;
/** More than `npm start` gives; a longer list is none of its. */
const MOST_TOKENS = 20;
const TOKENS_KEY = 'parkhub.tokens';
const TABS_KEY = 'parkhub.tabs';

const listeners = new Set<() => void>();
/** By id of the editor's tab: a viewer's id, or for whom the tab is meant. */
const tabs = new Map<string, string>(readStored(TABS_KEY).flatMap((entry) => (isPair(entry) ? [entry] : [])));
let known: readonly Viewer[] = [anyone];
let openTab = '';
let refused = 0;
let asking = 0;
let next: string | undefined;
let state: Viewers = stateNow();

/** What the page knows of its viewers now. */
export function viewers(): Viewers {
  return state;
}

/** Calls the listener at each change, until the function that it gives is called. */
export function onViewers(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Takes the tokens of the address, now and whenever another is entered, and asks the hub whose they are and those that are kept. */
export function startViewers(endpoint: string): void {
  const kept = readStored(TOKENS_KEY).filter((token): token is string => typeof token === 'string' && ANY_TOKEN.test(token));
  void addTokens([...kept, ...tokensOfAddress()], endpoint);
  window.addEventListener('hashchange', () => void addTokens(tokensOfAddress(), endpoint));
}

/**
 * Asks the hub whose tokens are, and keeps those that it accepts. A later token of a viewer takes the place of an earlier one.
 *
 * @returns the viewer of the last token that was accepted
 */
export async function addTokens(tokens: readonly string[], endpoint: string): Promise<Viewer | undefined> {
  if (tokens.length === 0) return undefined;
  asking += 1;
  tell();
  const found = await Promise.all([...new Set(tokens)].slice(-MOST_TOKENS).map((token) => viewerOf(token, endpoint)));
  asking -= 1;
  const accepted = found.filter((viewer) => typeof viewer === 'object');
  refused = found.filter((viewer) => viewer === 'refused').length;
  known = [...new Map([...known, ...accepted].map((viewer) => [viewer.id, viewer])).values()].sort(inOrder);
  storeTokens();
  tell();
  return accepted.at(-1);
}

/** Drops a viewer whose token the hub does not accept any more. */
export function dropViewer(id: string): void {
  known = known.filter((viewer) => viewer.id !== id || viewer.token === undefined);
  refused += 1;
  storeTokens();
  tell();
}

/** Asks as this viewer in the open tab from now on. */
export function choose(id: string): void {
  assign(openTab, id);
}

/** For whom the next tab is that is opened; as whom the last one asked unless told. */
export function meanNextTab(meant: Meant): void {
  next = meant;
}

/**
 * Another tab is open.
 *
 * @param meant for whom its query is, where it is a ready one
 */
export function showTab(tab: string, meant: Meant | undefined): void {
  const last = tabs.get(openTab);
  openTab = tab;
  const assigned = tabs.get(tab) ?? next ?? meant ?? last ?? anyone.id;
  next = undefined;
  assign(tab, assigned);
}

function assign(tab: string, to: string): void {
  tabs.set(tab, to);
  store(TABS_KEY, [...tabs]);
  tell();
}

function stateNow(): Viewers {
  const assigned = tabs.get(openTab) ?? anyone.id;
  const found = known.find(({ id }) => id === assigned) ?? known.find(({ meant }) => meant === assigned);
  return { known, current: found ?? anyone, missing: found ? undefined : assigned, refused, isAsking: asking > 0 };
}

function tell(): void {
  state = stateNow();
  for (const listener of listeners) listener();
}

/** The tokens of the address; the fragment is gone from it then, whatever it was. */
function tokensOfAddress(): string[] {
  const { hash, pathname, search } = window.location;
  if (hash === '') return [];
  window.history.replaceState(window.history.state, '', pathname + search);
  const [, listed = ''] = /^#viewers=(.*)$/.exec(hash) ?? [];
  return listed.split('.').filter((token) => HUB_TOKEN.test(token));
}

interface Told {
  readonly kind: string;
  readonly uscc: string | null;
  readonly sourceId: string | null;
  readonly funds: readonly string[] | null;
  readonly role: string | null;
}

/** Whose a token is, or that the hub does not accept it; undefined where the hub cannot be asked. */
async function viewerOf(token: string, endpoint: string): Promise<Viewer | 'refused' | undefined> {
  if (!ANY_TOKEN.test(token)) return 'refused';
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: '{ viewer { kind uscc sourceId funds role } }' }),
    });
    if (response.status === 401) return 'refused';
    const answer = (await response.json()) as { data?: { viewer?: Told | null } | null };
    const told = answer.data?.viewer;
    return told ? { ...named(told), token } : undefined;
  } catch (error) {
    console.warn('The hub did not say whose a token is.', error);
    return undefined;
  }
}

const TITLES: Readonly<Record<string, string>> = {
  TENANT: 'Tenant 企业',
  INVESTOR: 'Investor 投资机构',
  BANK: 'Bank 银行',
  SERVICE: 'Program 程序',
  'PARK ANALYST': 'Park analyst 园区分析',
  'PARK OPERATOR': 'Park operator 园区运营',
  'PARK ADMIN': 'Park admin 园区管理',
};
const ORDER = ['PUBLIC', ...Object.keys(TITLES)];

/** What somebody is called for whom there is no token. */
export function titleOf(meant: string): string {
  return TITLES[meant] ?? meant;
}

function named({ kind, uscc, sourceId, funds, role }: Told): Omit<Viewer, 'token'> {
  const meant = role === null ? kind : `${kind} ${role}`;
  const rest = [uscc ?? sourceId ?? '', funds === null ? '' : `(${funds.join(', ')})`].filter(Boolean).join(' ');
  return { id: `${meant} ${rest}`.trim().toLowerCase(), title: `${titleOf(meant)} ${rest}`.trim(), meant };
}

function inOrder(a: Viewer, b: Viewer): number {
  return ORDER.indexOf(a.meant) - ORDER.indexOf(b.meant) || (a.id < b.id ? -1 : 1);
}

function isPair(entry: unknown): entry is [string, string] {
  return Array.isArray(entry) && entry.length === 2 && entry.every((part) => typeof part === 'string');
}

/** A list that was kept; an empty one where there is none, or another script of this origin has put something else there. */
function readStored(name: string): unknown[] {
  try {
    const stored: unknown = JSON.parse(window.sessionStorage.getItem(name) ?? '[]');
    return Array.isArray(stored) ? stored : [];
  } catch {
    return [];
  }
}

function storeTokens(): void {
  store(
    TOKENS_KEY,
    known.flatMap(({ token }) => (token === undefined ? [] : [token])),
  );
}

function store(name: string, list: readonly unknown[]): void {
  try {
    window.sessionStorage.setItem(name, JSON.stringify(list));
  } catch {
    // A browser that keeps nothing: until the page is left, it knows.
  }
}

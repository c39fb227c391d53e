import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { showAnswerOf } from './answers.js';
import { endpoint } from './fetcher.js';
import { meantOf } from './readyQueries.js';
import { addTokens, choose, onViewers, showTab, titleOf, viewers } from './viewers.js';

const useViewers = () => useSyncExternalStore(onViewers, viewers);
const PASTE = 'paste';

/** As whom the open tab asks; in the line above the editor. */
export function ViewerPicker() {
  const { known, current } = useViewers();
  const [isPasting, setPasting] = useState(false);
  return (
    <div className="viewer">
      <label>
        Asking as 身份
        <select
          value={isPasting ? PASTE : current.id}
          onChange={({ target: { value } }) => {
            setPasting(value === PASTE);
            if (value !== PASTE) choose(value);
          }}
        >
          {known.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
          <option value={PASTE}>Paste a token… 粘贴令牌</option>
        </select>
      </label>
      {isPasting && <TokenField onDone={() => setPasting(false)} />}
    </div>
  );
}

function TokenField({ onDone }: { onDone: () => void }) {
  const [problem, setProblem] = useState('');
  const add = async (text: string): Promise<void> => {
    const token = text.trim().replace(/^Bearer\s+/i, '');
    if (token === '') return;
    const viewer = await addTokens([token], endpoint);
    if (!viewer) return setProblem('not accepted 令牌无效');
    choose(viewer.id);
    onDone();
  };
  return (
    <>
      <input
        type="password"
        autoComplete="off"
        placeholder="phk_…"
        aria-label="Token 令牌"
        // biome-ignore lint/a11y/noAutofocus: it was asked for just now
        autoFocus
        onPaste={(event) => {
          event.preventDefault();
          void add(event.clipboardData.getData('text'));
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') void add(event.currentTarget.value);
          if (event.key === 'Escape') onDone();
        }}
      />
      {problem !== '' && <span role="alert">{problem}</span>}
    </>
  );
}

/** What whoever has no token, or not the right one, may want to know. */
export function ViewerHint() {
  const { known, missing, refused, isAsking } = useViewers();
  if (isAsking) return null;
  const printed = (
    <>
      open the address that <code>npm start</code> printed, or paste a token
    </>
  );
  const printedInChinese = (
    <>
      打开 <code>npm start</code> 打印的地址，或粘贴令牌
    </>
  );
  if (refused > 0)
    return (
      <p className="hint" role="alert">
        {refused} {refused === 1 ? 'token was' : 'tokens were'} not accepted: expired, revoked, or of another hub. To go on, {printed}.
        有令牌已过期、被吊销或不属于本枢纽：请{printedInChinese}。
      </p>
    );
  if (missing !== undefined)
    return (
      <p className="hint">
        This tab is meant for <b>{titleOf(missing)}</b>, and asks as anyone. To ask as others, {printed}. 本标签页以公众身份提问；如需其他身份，请
        {printedInChinese}。
      </p>
    );
  if (known.length === 1)
    return (
      <p className="hint">
        You ask as anyone. To ask as tenants, investors, banks or the park, {printed}. 当前为公众身份；如需其他身份，请{printedInChinese}。
      </p>
    );
  return null;
}

/** Tells which tab is open; and asks for the schema again where it was only told to one of the viewers who came later. */
export function TabViewers() {
  const tab = useGraphiQL(({ tabs, activeTabIndex }) => tabs[activeTabIndex]);
  const needsSchema = useGraphiQL(({ schema, isIntrospecting }) => !schema && !isIntrospecting);
  const { introspect } = useGraphiQLActions();
  const { known } = useViewers();
  const id = tab?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is written in the tab later changes nobody
  useEffect(() => {
    if (id === undefined) return;
    showTab(id, meantOf(tab?.query ?? ''));
    showAnswerOf(id);
  }, [id]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each change of the viewers
  useEffect(() => {
    if (needsSchema && known.some(({ meant }) => meant.startsWith('PARK'))) introspect();
  }, [known]);
  return null;
}

import type { GraphiQLPlugin } from '@graphiql/react';
import { useSyncExternalStore } from 'react';
import { lastPlan, onPlan, type PlannedAsk, type PlannedCrossing } from './plan.js';

/** Which side of a link gave its keys first. */
const FIRST: Readonly<Record<string, string>> = {
  OTHER_SIDE: 'the other book first',
  ASKING_SIDE: 'the asking book first',
  ASKING_PAGE: 'the next rows of the page first',
};

/** GraphiQL's panel with the plan of the last answer. */
export const planPlugin: GraphiQLPlugin = { title: 'Plan 查询计划', icon: PlanIcon, content: PlanPanel };

const STATES = { LIVE: 'live 实时', MIRRORED: 'mirrored 镜像', STALE: 'last good copy 最近可用副本', UNAVAILABLE: 'failed 不可用' } as const;

/** Which source was asked what, when and for how long: a bar for each ask, along the time of the answer. */
function PlanPanel() {
  const plan = useSyncExternalStore(onPlan, lastPlan);
  if (!plan)
    return (
      <p className="plan-empty">
        Run a query: here you see which source was asked what, and how long it took. 运行查询后，这里显示向哪些来源问了什么、用了多久。
      </p>
    );
  const asks = [...plan.asks].sort((a, b) => a.startedAt - b.startedAt);
  const end = Math.max(1, ...asks.map(({ startedAt, milliseconds }) => startedAt + milliseconds));
  const sources = new Set(asks.map(({ sourceId }) => sourceId));
  return (
    <section className="plan">
      <h2>Plan 查询计划</h2>
      <p>
        {asks.length} {asks.length === 1 ? 'ask' : 'asks'} of {sources.size} {sources.size === 1 ? 'source' : 'sources'}, {milliseconds(end)}
      </p>
      {plan.cost && (
        <p className="plan-cost">
          Cost 查询成本 {counted(plan.cost.cost.figure)} of {counted(plan.cost.cost.bound)}, objects 对象 {counted(plan.cost.nodes.figure)} of{' '}
          {counted(plan.cost.nodes.bound)}
        </p>
      )}
      <ul className="plan-states">
        {Object.entries(STATES).map(([state, name]) => (
          <li key={state} className={state.toLowerCase()}>
            {name}
          </li>
        ))}
      </ul>
      <ol className="plan-asks">
        {asks.map((ask, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a plan never changes; the next one is another list
          <Ask key={index} ask={ask} end={end} />
        ))}
      </ol>
      {plan.crossings.length > 0 && <Crossings crossings={plan.crossings} />}
    </section>
  );
}

function Ask({ ask: asked, end }: { ask: PlannedAsk; end: number }) {
  const { sourceId, entity, ask, state, startedAt, milliseconds: took } = asked;
  return (
    <li className={state.toLowerCase()} title={`${STATES[state]}: asked ${milliseconds(startedAt)} after the beginning`}>
      <span className="plan-what">
        <b>{sourceId}</b> {entity} {ask === 'TOTALS' && 'totals'}
      </span>
      <span className="plan-came">{cameOf(asked)}</span>
      <span className="plan-track">
        <span className="plan-bar" style={{ marginLeft: `${(startedAt / end) * 100}%`, width: `${Math.max(0.5, (took / end) * 100)}%` }} />
      </span>
    </li>
  );
}

function Crossings({ crossings }: { crossings: readonly PlannedCrossing[] }) {
  return (
    <>
      <h3>Filters across books 跨账簿筛选</h3>
      <ul className="plan-crossings">
        {crossings.map(({ crossing, first, keys, askingRows, otherRows, milliseconds: took }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <li key={index}>
            <b>{crossing}</b>: {FIRST[first] ?? first}, {keys.toLocaleString('en')} {keys === 1 ? 'key' : 'keys'} carried over
            {(askingRows !== null || otherRows !== null) && ` (rows: ${counted(askingRows)} asking, ${counted(otherRows)} other)`}, {milliseconds(took)}
          </li>
        ))}
      </ul>
    </>
  );
}

/** What came: of what the hub asks for itself nobody is told how much. */
function cameOf({ ask, by, rows, state, milliseconds: took }: PlannedAsk): string {
  if (state === 'UNAVAILABLE') return took < 1 ? 'not asked' : `failed · ${milliseconds(took)}`;
  if (rows === null) return `${by === 'HUB' ? 'the hub itself · ' : ''}${milliseconds(took)}`;
  const what = ask === 'ROWS' ? (rows === 1 ? 'row' : 'rows') : rows === 1 ? 'group' : 'groups';
  return `${rows.toLocaleString('en')} ${what} · ${milliseconds(took)}`;
}

function counted(rows: number | null): string {
  return rows === null ? 'not counted' : rows.toLocaleString('en');
}

function milliseconds(time: number): string {
  return `${Math.round(time).toLocaleString('en')} ms`;
}

function PlanIcon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" aria-hidden="true">
      <path d="M4 5h9M8 12h12M6 19h6" />
    </svg>
  );
}

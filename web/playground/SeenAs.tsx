import { useSyncExternalStore } from 'react';
import { type HiddenField, onAnswers, type SeenAnswer, seenAnswer } from './answers.js';

/** Below the answer: as whom it was asked, and what is hidden of it; field by field, and why, once it is opened. */
export function SeenAs() {
  const answer = useSyncExternalStore(onAnswers, seenAnswer);
  if (!answer) return null;
  if (answer.isRefused)
    return (
      <p className="seen refused" role="alert">
        The hub does not accept the token of {answer.askedAs}: it has expired or was revoked. Open the address that <code>npm start</code> printed last, or
        paste another token. 令牌已过期或被吊销：请打开最近一次 <code>npm start</code> 打印的地址，或粘贴新的令牌。
      </p>
    );
  const badges = badgesOf(answer);
  const seen = (
    <span>
      As seen by <b>{answer.askedAs}</b>
    </span>
  );
  if (badges.length === 0)
    return (
      <p className="seen">
        {seen} <span className="badge whole">no field hidden 无不可见字段</span>
      </p>
    );
  return (
    <details className="seen">
      <summary>
        {seen}
        {badges.map(({ text, kind }) => (
          <span key={text} className={`badge ${kind}`}>
            {text}
          </span>
        ))}
      </summary>
      <HiddenFields answer={answer} />
    </details>
  );
}

/** One badge for each reason. */
function badgesOf({ hidden, denied }: SeenAnswer): { text: string; kind: string }[] {
  const counts = new Map<string, number>();
  for (const field of hidden) counts.set(reasonOf(field), (counts.get(reasonOf(field)) ?? 0) + 1);
  const sources = new Set(denied.flatMap((list) => list.sources));
  return [
    ...[...counts].map(([reason, count]) => ({
      text: `${count} ${count === 1 ? 'field' : 'fields'} hidden: ${reason}`,
      kind: reason.startsWith('NOT_AUTHORISED') ? 'authorisation' : 'private',
    })),
    ...(sources.size > 0 ? [{ text: `${sources.size} ${sources.size === 1 ? 'source' : 'sources'} not asked: DENIED`, kind: 'denied' }] : []),
  ];
}

function reasonOf({ reason, scope }: HiddenField): string {
  return scope === null ? reason : `${reason}, scope ${scope}`;
}

function HiddenFields({ answer: { hidden, denied } }: { answer: SeenAnswer }) {
  const nulls = hidden.filter(({ effect }) => effect !== 'ROWS_LEFT_OUT');
  const leftOut = hidden.filter(({ effect }) => effect === 'ROWS_LEFT_OUT');
  return (
    <div className="hidden-fields">
      {nulls.length > 0 && (
        <>
          <h3>Null, for they are hidden 因不可见而为空</h3>
          <HiddenTable fields={nulls} />
        </>
      )}
      {leftOut.length > 0 && (
        <>
          <h3>Rows left out, for what is asked rests on fields that are hidden in them 因条件字段不可见而未计入的记录</h3>
          <HiddenTable fields={leftOut} />
        </>
      )}
      {denied.length > 0 && (
        <>
          <h3>Sources that were not asked 未询问的来源</h3>
          <ul>
            {denied.map(({ list, sources }) => (
              <li key={list}>
                <b>{list}</b>: {sources.join(', ')} <span className="badge denied">DENIED</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function HiddenTable({ fields }: { fields: readonly HiddenField[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th>Source</th>
          <th>Field</th>
          <th>Reason</th>
        </tr>
      </thead>
      <tbody>
        {fields.map(({ source, entity, attribute, reason, scope, ids }) => (
          <tr key={`${source} ${entity} ${attribute}`}>
            <td>{source}</td>
            <td>
              {entity}.{attribute}
              {ids !== null && ids.length > 0 && (
                <small>
                  {' '}
                  in {ids.length} {ids.length === 1 ? 'row' : 'rows'}
                </small>
              )}
            </td>
            <td>
              <span className={`badge ${reason === 'NOT_AUTHORISED' ? 'authorisation' : 'private'}`}>{reason}</span>
              {scope !== null && <small> scope {scope}</small>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

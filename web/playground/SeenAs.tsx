import { useSyncExternalStore } from 'react';
import { type HiddenField, onAnswers, type SeenAnswer, seenAnswer } from './answers.js';

/** The attribute under which a whole book is hidden. */
const WHOLE_BOOK = '*';

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

/** One badge for each reason, of fields and of whole books. */
function badgesOf({ hidden }: SeenAnswer): { text: string; kind: string }[] {
  const counts = new Map<string, { what: string; reason: string; count: number }>();
  for (const field of hidden) {
    const what = field.attribute === WHOLE_BOOK ? 'book' : 'field';
    const name = `${what} ${reasonOf(field)}`;
    counts.set(name, { what, reason: reasonOf(field), count: (counts.get(name)?.count ?? 0) + 1 });
  }
  return [...counts.values()].map(({ what, reason, count }) => ({
    text: `${count} ${what}${count === 1 ? '' : 's'} hidden: ${reason}`,
    kind: kindOf(reason),
  }));
}

function reasonOf({ reason, scope }: HiddenField): string {
  return scope === null ? reason : `${reason}, scope ${scope}`;
}

function kindOf(reason: string): string {
  return reason.startsWith('NOT_AUTHORISED') ? 'authorisation' : 'private';
}

function HiddenFields({ answer: { hidden } }: { answer: SeenAnswer }) {
  const nulls = hidden.filter(({ effect }) => effect !== 'ROWS_LEFT_OUT');
  const leftOut = hidden.filter(({ effect, attribute }) => effect === 'ROWS_LEFT_OUT' && attribute !== WHOLE_BOOK);
  const books = hidden.filter(({ attribute }) => attribute === WHOLE_BOOK);
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
      {books.length > 0 && (
        <>
          <h3>Books of which nothing shows; their sources were not asked 无可见记录的账簿，未询问其来源</h3>
          <HiddenTable fields={books} of="Book" />
        </>
      )}
    </div>
  );
}

function HiddenTable({ fields, of = 'Field' }: { fields: readonly HiddenField[]; of?: string }) {
  return (
    <table>
      <thead>
        <tr>
          <th>Source</th>
          <th>{of}</th>
          <th>Reason</th>
        </tr>
      </thead>
      <tbody>
        {fields.map(({ source, entity, attribute, reason, scope, ids }) => (
          <tr key={`${source} ${entity} ${attribute}`}>
            <td>{source}</td>
            <td>
              {attribute === WHOLE_BOOK ? entity : `${entity}.${attribute}`}
              {ids !== null && ids.length > 0 && (
                <small>
                  {' '}
                  in {ids.length} {ids.length === 1 ? 'row' : 'rows'}
                </small>
              )}
            </td>
            <td>
              <span className={`badge ${kindOf(reason)}`}>{reason}</span>
              {scope !== null && <small> scope {scope}</small>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

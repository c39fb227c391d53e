import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect } from 'react';
import { type ReadyQuery, readyQueries } from './readyQueries.js';
import { meanNextTab } from './viewers.js';

/** Opens a ready query in a tab of its own; for those whose tabs hold something else by now. */
export function ReadyQueryMenu() {
  const { addTab } = useGraphiQLActions();
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);

  // GraphiQL opens the first tab with its query alone.
  const opened = useGraphiQL(({ tabs, activeTabIndex }) => tabs[activeTabIndex]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the editor has come; from then on it speaks for itself
  useEffect(() => {
    if (opened?.variables && variableEditor?.getValue() === '') variableEditor.setValue(opened.variables);
  }, [variableEditor]);

  const open = ({ query, variables, meant }: ReadyQuery): void => {
    meanNextTab(meant);
    addTab();
    queryEditor?.setValue(query);
    variableEditor?.setValue(variables ?? '');
  };

  return (
    <select
      className="ready-queries"
      aria-label="Ready queries 示例查询"
      value=""
      onChange={(event) => {
        const chosen = readyQueries[Number(event.target.value)];
        if (chosen) open(chosen);
      }}
    >
      <option value="" disabled>
        Ready queries 示例查询
      </option>
      {readyQueries.map(({ file, title }, index) => (
        <option key={file} value={index}>
          {title}
        </option>
      ))}
    </select>
  );
}

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type DocumentNode, Kind, type OperationDefinitionNode, parse } from 'graphql';

const folder = path.resolve('web/playground/queries');

/** A file of web/playground/queries. */
export interface ReadyQueryFile {
  readonly file: string;
  readonly text: string;
  readonly document: DocumentNode;
  /** Its operations, by name; one, if the file is right. */
  readonly operations: readonly string[];
  /** As whom it is asked. */
  readonly meant: string;
  /** What the JSON file beside it holds. */
  readonly variables: Record<string, unknown>;
}

/** Every ready query, in the order of the playground's tabs. */
export function readyQueryFiles(): ReadyQueryFile[] {
  const files = readdirSync(folder).sort();
  return files
    .filter((file) => file.endsWith('.graphql'))
    .map((file) => {
      const text = readFileSync(path.join(folder, file), 'utf8');
      const document = parse(text);
      const operations = document.definitions
        .filter((definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION)
        .map((definition) => definition.name?.value ?? '');
      const beside = file.replace(/\.graphql$/, '.json');
      const variables = files.includes(beside) ? (JSON.parse(readFileSync(path.join(folder, beside), 'utf8')) as Record<string, unknown>) : {};
      const meant = /^# Asked as: (.+)$/m.exec(text)?.[1] ?? '';
      return { file, text, document, operations, meant, variables };
    });
}

import { expect, it } from 'vitest';
import { fileTable, httpResource, sourceFileSchema } from '../../src/config/sourceFile.js';
import { conform } from './conformance.js';
import { fileSources } from './conformingFiles.js';
import { httpSources } from './conformingHttp.js';
import { serverSources, sqliteSources } from './conformingSql.js';

conform(sqliteSources, 8);
// What they read is asked of the store, or in memory: a few rows of each kind tell whether it was read right.
conform([...fileSources, ...httpSources], 3);

it('is run on every connector, database, format, encoding and paging that a source.yml can name', () => {
  const [sql, ...others] = sourceFileSchema.options;
  expect(others.map(({ shape }) => shape.connector.value)).toEqual(['file', 'http']);
  const modes = ['live', 'mirrored'];
  const databases = sql.shape.connection.options.map(({ shape }) => shape.type.value);
  const pagings = httpResource.shape.paging.unwrap().options.map(({ shape }) => shape.style.value);
  const wanted = [
    ...databases.flatMap((database) => modes.map((mode) => `sql ${mode} ${database}`)),
    ...fileTable.shape.format.options.map((format) => `file mirrored ${format}`),
    ...fileTable.shape.encoding.unwrap().options.map((encoding) => `file mirrored in ${encoding}`),
    ...['whole', ...pagings].flatMap((paging) => modes.map((mode) => `http ${mode} ${paging}`)),
    // The hub's own.
    'the store',
    'a last good copy',
  ];
  const covered = [...sqliteSources, ...serverSources, ...fileSources, ...httpSources].flatMap(({ covers }) => covers);
  expect([...new Set(covered)].sort()).toEqual(wanted.sort());
});

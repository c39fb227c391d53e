import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type BookMapping, type FileSourceFile, sourceFileSchema } from '../../src/config/sourceFile.js';
import '../../src/entities/index.js';
import { allDefinitions } from '../../src/entities/definition.js';
import { openDrop } from '../../src/sources/connectors/file/drop.js';
import { createMapper } from '../../src/sources/mapping.js';
import { collect } from './fileFolder.js';

function open(id: string) {
  const folder = join('parks/xinxiang', id);
  const file = sourceFileSchema.parse(parse(readFileSync(join(folder, 'source.yml'), 'utf8'))) as FileSourceFile;
  return { file, drop: openDrop(id, folder, file) };
}

/** Each drop has one row that is wrong on purpose. */
const wrong = { bocom: /^贷款台账_20211231\.csv line \d+: amount /, hongtu: /^红土创新投资台账_2021年12月31日\.xlsx sheet 投资明细 row \d+: tenantUscc / };

for (const [id, pattern] of Object.entries(wrong)) {
  describe(`the drop of ${id} in the demonstration`, () => {
    it('speaks as of the end of 2021', async () => {
      expect(await open(id).drop.asOf()).toBe('2021-12-31T15:59:59.999Z');
    });

    it('has the fingerprint of its contents, twice the same', async () => {
      expect(await open(id).drop.fingerprint()).toBe(await open(id).drop.fingerprint());
    });

    it('is read row by row, each as its mapping wants it but for one', async () => {
      const { file, drop } = open(id);
      const reasons: string[] = [];
      for (const entity of Object.keys(file.books)) {
        const definition = allDefinitions().find(({ name }) => name === entity);
        if (!definition) throw new Error(`${entity} is no entity`);
        const mapper = createMapper(definition, file.books[entity] as BookMapping, { id, timeZone: file.timeZone, how: 'MIRRORED' });
        const mapped = (await collect(drop.read(entity))).map((record) => mapper.map(record, '2021-12-31T15:59:59.999Z'));
        expect(mapped.length).toBeGreaterThan(0);
        for (const entry of mapped) if (!entry.ok) reasons.push(`${entry.setAside.place}: ${entry.setAside.reason}`);
      }
      expect(reasons).toEqual([expect.stringMatching(pattern)]);
    });
  });
}

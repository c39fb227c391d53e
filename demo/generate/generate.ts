/** The demo's files, all that the generator writes: the park's register, its tenants' authorizations and its partners' books. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AUTHORIZATIONS, authorizationFiles } from './authorizations.js';
import { checkWorld } from './checks.js';
import { makeFaults } from './faults.js';
import { makeWorld } from './world.js';
import { huayuData, spdbData } from './write-apis.js';
import { bocomFiles } from './write-bocom.js';
import { HONGTU_FILE, hongtuWorkbook } from './write-hongtu.js';
import { writeHuakai } from './write-huakai.js';
import { writeIcbc } from './write-icbc.js';
import { registerFiles } from './write-register.js';

const PARK = 'parks/xinxiang';
const APIS = 'demo/partner-api/data';

/**
 * Writes every generated file under the folder, in place of what was there, and gives their paths relative to it.
 * The bytes are the same every time. Throws an Error when the rows do not add up to the article.
 */
export async function generate(folder: string): Promise<string[]> {
  const world = makeWorld();
  checkWorld(world);
  const faults = makeFaults(world);
  const written: string[] = [];
  const place = (path: string): string => {
    const absolute = join(folder, path);
    mkdirSync(dirname(absolute), { recursive: true });
    written.push(path);
    return absolute;
  };
  for (const [name, text] of registerFiles(world)) writeFileSync(place(`${PARK}/register/${name}`), text);
  for (const [name, text] of authorizationFiles(world)) writeFileSync(place(`${PARK}/${AUTHORIZATIONS}/${name}`), text);
  writeIcbc(place(`${PARK}/icbc/book.db`), world, faults);
  writeHuakai(place(`${PARK}/huakai/book.db`), world);
  for (const [name, bytes] of bocomFiles(world, faults)) writeFileSync(place(`${PARK}/bocom/${name}`), bytes);
  writeFileSync(place(`${PARK}/hongtu/${HONGTU_FILE}`), await hongtuWorkbook(world, faults));
  writeFileSync(place(`${APIS}/spdb.json`), `${JSON.stringify(spdbData(world, faults), null, 2)}\n`);
  writeFileSync(place(`${APIS}/huayu.json`), `${JSON.stringify(huayuData(world, faults), null, 2)}\n`);
  return written;
}

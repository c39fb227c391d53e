/** `npm run generate [-- --out DIR]`: writes the demo's files into the repository, or under another folder. */
import { parseArgs } from 'node:util';
import { generate } from './generate.js';

const { values } = parseArgs({ options: { out: { type: 'string', default: '.' } } });
const written = await generate(values.out);
console.log(`Wrote ${written.length} files under ${values.out}:\n${written.map((path) => `  ${path}`).join('\n')}`);

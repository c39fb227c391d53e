// `npm run generate [-- --out DIR]`: writes the demo's register and its partners' books, into the clone unless told.
import path from 'node:path';
import { prepare, root } from './lib/prepare.mjs';

prepare();
const main = path.join(root, 'dist/demo/generate/main.js');
const own = process.argv.slice(2);
process.argv = [process.argv[0], main, ...(own.length > 0 ? own : ['--out', root])];
await import(main);

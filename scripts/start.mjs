// `npm start`: serves the demonstration park. Arguments go on to `parkhub serve`: npm start -- --port 5000
import { prepare, runParkhub } from './lib/prepare.mjs';

prepare();
await runParkhub(['serve', 'parks/xinxiang', ...process.argv.slice(2)]);

// `npm run parkhub -- …`: the command line of the hub, installed and built first where needed.
import { prepare, runParkhub } from './lib/prepare.mjs';

prepare();
await runParkhub(process.argv.slice(2));

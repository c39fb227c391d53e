/** Where the installed hub lies. */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds parkhub's package.json; this file lies below it, compiled or not. */
export function projectFolder(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!fs.existsSync(path.join(folder, 'package.json'))) {
    const above = path.dirname(folder);
    if (above === folder) throw new Error('Expected a package.json above the command line of parkhub, but got: none. Install parkhub again.');
    folder = above;
  }
  return folder;
}

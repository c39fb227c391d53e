/** Reads just enough of Markdown for the tests of the documents. */
import fs from 'node:fs';
import path from 'node:path';
import { root } from '../helpers/commandLine.js';

/** A fenced block. */
export interface Block {
  readonly language: string;
  readonly text: string;
}

const FENCE = /^```(\w*)[^\n]*\n([\s\S]*?)^```[ \t]*$/gm;

/** Every Markdown file of the repository, by its path from the root. */
export function markdownFiles(): string[] {
  return ['', 'docs', 'parks', 'demo', 'benchmarks', 'web']
    .flatMap((folder) => (folder === '' ? filesOf('', false) : filesOf(folder, true)))
    .filter((file) => file.endsWith('.md'))
    .sort();
}

function filesOf(folder: string, deep: boolean): string[] {
  return fs.readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return deep && entry.name !== 'node_modules' ? filesOf(name, true) : [];
    return [name];
  });
}

/** The fenced blocks of a text, without the line's end after the last line. */
export function blocksOf(text: string): Block[] {
  return [...text.matchAll(FENCE)].map(([, language = '', content = '']) => ({ language, text: content.trimEnd() }));
}

/** Where the links and pictures of a text lead; what stands in code is none. */
export function linksOf(text: string): string[] {
  const prose = text.replace(FENCE, '').replace(/`[^`\n]*`/g, '');
  const markdown = [...prose.matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g)].map((match) => [match.index, match[1]] as const);
  const html = [...prose.matchAll(/<(?:img|a)\s[^>]*(?:src|href)="([^"]+)"/g)].map((match) => [match.index, match[1]] as const);
  return [...markdown, ...html].sort((a, b) => a[0] - b[0]).map(([, target]) => target as string);
}

/** What stands between single backticks in a text. */
export function codeSpansOf(text: string): string[] {
  return [...text.replace(FENCE, '').matchAll(/`([^`\n]+)`/g)].map(([, span]) => span as string);
}

/** The anchors that GitHub makes of a text's headings. */
export function anchorsOf(text: string): string[] {
  return [...text.replace(FENCE, '').matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );
}

/** Reads which file imports which: the material of tests/architecture.test.ts. */
import fs from 'node:fs';
import path from 'node:path';

/** A file as the scanner sees it: its path from the project's folder, with `/`, and its text. */
export interface SourceText {
  readonly path: string;
  readonly text: string;
}

/** One import: who imports, what, and whether it is gone after compiling. */
export interface Import {
  readonly from: string;
  /** The path from the project's folder of a file of ours, or the specifier of a package. */
  readonly to: string;
  readonly ours: boolean;
  readonly typeOnly: boolean;
}

// Statements begin in column 0 (the formatter sees to it), so that an example in a comment or a text is not taken for one.
const statement = /^(?:import|export)\s+(type\s+)?(?:([^'";]*?)\s*from\s*)?['"]([^'"]+)['"]/gm;
const dynamic = /\bimport\(\s*['"]([^'"]+)['"]/g;

/** Every import, re-export and dynamic import of a file. */
export function importsOf(file: SourceText): Import[] {
  const found = [...file.text.matchAll(statement)].map(([, type, names, specifier]) => toImport(file, specifier ?? '', type !== undefined || onlyTypes(names)));
  return [...found, ...[...file.text.matchAll(dynamic)].map(([, specifier]) => toImport(file, specifier ?? '', false))];
}

/** The files under the folders whose names end so, in a stable order; `generated` folders and files are left out. */
export function filesUnder(folders: readonly string[], endings: readonly string[]): SourceText[] {
  return folders
    .filter((folder) => fs.existsSync(folder))
    .flatMap((folder) => fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name).split(path.sep).join('/')))
    .filter((name) => endings.some((ending) => name.endsWith(ending)) && !/(^|\/)(generated|node_modules|dist)\/|\.generated\./.test(name))
    .sort()
    .map((name) => ({ path: name, text: fs.readFileSync(name, 'utf8') }));
}

/** The circles among value imports, each as the way round it; type-only imports are gone at run time and close none. */
export function circlesOf(imports: readonly Import[]): string[][] {
  const targets = new Map<string, string[]>();
  for (const { from, to, ours, typeOnly } of imports) if (ours && !typeOnly) targets.set(from, [...(targets.get(from) ?? []), to]);
  const done = new Set<string>();
  const circles: string[][] = [];
  const visit = (file: string, way: readonly string[]): void => {
    const seenAt = way.indexOf(file);
    if (seenAt >= 0) circles.push([...way.slice(seenAt), file]);
    if (seenAt >= 0 || done.has(file)) return;
    for (const target of targets.get(file) ?? []) visit(target, [...way, file]);
    done.add(file);
  };
  for (const file of targets.keys()) visit(file, []);
  return circles;
}

function toImport(file: SourceText, specifier: string, typeOnly: boolean): Import {
  const ours = specifier.startsWith('.');
  const to = ours ? path.posix.join(path.posix.dirname(file.path), specifier).replace(/\.js$/, '.ts') : specifier;
  return { from: file.path, to, ours, typeOnly };
}

function onlyTypes(names: string | undefined): boolean {
  const braces = /^\{(.*)\}$/s.exec(names?.trim() ?? '');
  const each = braces?.[1]?.split(',').filter((name) => name.trim() !== '') ?? [];
  return each.length > 0 && each.every((name) => /^\s*type\s/.test(name));
}

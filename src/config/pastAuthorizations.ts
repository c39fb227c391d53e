/** What tenants had authorised before a demonstration begins: `authorizations/authorizations.yml` in its folder, and the papers beside it. */
import { createHash } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type Happening, PURPOSES, SCOPES } from '../rules/authorization.js';
import { isUscc } from '../rules/uscc.js';
import { isDate } from '../values/time.js';
import { ConfinementError, confine } from './confine.js';
import { readYaml } from './park.js';
import type { ConfigProblem } from './problem.js';

/** An authorization as it went: what happened to it, on which days, in their order. */
interface PastAuthorization {
  readonly tenantUscc: string;
  /** The id of a source, or `park`. */
  readonly grantee: string;
  readonly happenings: readonly { readonly day: string; readonly what: Happening }[];
}

const FOLDER = 'authorizations';
/** The file, by its name in the park's folder. */
export const PAST_AUTHORIZATIONS = `${FOLDER}/authorizations.yml`;
/** Most bytes of a paper. */
const LARGEST_PAPER = 1024 * 1024;

const day = z.string().refine(isDate, 'a day that exists, as "2021-12-31"');
const fileSchema = z
  .array(
    z
      .strictObject({
        tenantUscc: z.string().refine(isUscc, 'a USCC whose check character is right'),
        grantee: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'the id of a source, or park'),
        scopes: z.array(z.enum(SCOPES)).min(1),
        purpose: z.enum(PURPOSES),
        validFrom: day,
        validTo: day,
        requested: day.optional(),
        granted: day.optional(),
        document: z.string().min(1).max(200).optional(),
        revoked: day.optional(),
      })
      .refine(({ granted, document }) => (granted === undefined) === (document === undefined), 'a document where it is granted, and none where it is not')
      .refine(({ requested, granted }) => requested !== undefined || granted !== undefined, 'a day on which it was requested, granted, or both'),
  )
  .max(10_000);

/** What the folder of a park says; nothing where it has no such file. */
export async function readPastAuthorizations(
  parkFolder: string,
): Promise<{ readonly past: readonly PastAuthorization[]; readonly problems: readonly ConfigProblem[] }> {
  if (!existsSync(path.join(parkFolder, PAST_AUTHORIZATIONS))) return { past: [], problems: [] };
  const home = realpathSync(parkFolder);
  const read = await readYaml(home, PAST_AUTHORIZATIONS, fileSchema);
  if (!read.ok) return { past: [], problems: read.problems };
  const past: PastAuthorization[] = [];
  const problems: ConfigProblem[] = [];
  for (const [index, { tenantUscc, grantee, requested, granted, document, revoked, ...terms }] of read.value.entries()) {
    const refuse = (expected: string, got: string): void => {
      problems.push({ file: PAST_AUTHORIZATIONS, line: read.lineOf([index, 'document']), field: `${index}.document`, expected, got });
    };
    const documentHash = document === undefined ? undefined : await hashOf(path.join(home, FOLDER), document, refuse);
    past.push({
      tenantUscc,
      grantee,
      happenings: [
        ...(requested === undefined ? [] : [{ day: requested, what: { kind: 'REQUESTED', terms } as const }]),
        ...(granted === undefined || documentHash === undefined ? [] : [{ day: granted, what: { kind: 'GRANTED', terms, documentHash } as const }]),
        ...(revoked === undefined ? [] : [{ day: revoked, what: { kind: 'REVOKED' } as const }]),
      ],
    });
  }
  return problems.length > 0 ? { past: [], problems } : { past, problems };
}

async function hashOf(folder: string, name: string, refuse: (expected: string, got: string) => void): Promise<string | undefined> {
  try {
    const file = confine(folder, name);
    const { size } = await stat(file);
    if (size > LARGEST_PAPER) return void refuse(`at most ${LARGEST_PAPER} bytes`, `${size} bytes`);
    return createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
  } catch (error) {
    if (error instanceof ConfinementError) return void refuse(error.expected, error.got);
    return void refuse('a file that can be read', (error as NodeJS.ErrnoException).code ?? 'one that cannot');
  }
}

/** The form of a `park.yml`: the park's identity, its carriers, the dates of its rule sets, its assessment criteria. */
import { z } from 'zod';
import { claimRule } from './claimRule.js';

const text = z.string().min(1).max(200);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a day as YYYY-MM-DD');

/** A bound of one operation. */
const bound = z.int().min(1).max(1_000_000_000);

/** The form of a park.yml. */
export const parkFileSchema = z.strictObject({
  /** The park's id: the name of its folder. */
  id: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'lower-case letters, digits and hyphens'),
  name: text,
  operator: text,
  city: text,
  zone: text,
  areaCode: z.string().regex(/^\d{6}$/, 'six digits'),
  operatedSince: day,
  timeZone: z.literal('Asia/Shanghai').default('Asia/Shanghai'),
  /** As of when the register speaks. */
  asOf: z.string(),
  /** A demonstration: its rows are made up, and its partners' APIs are played by the stand-in on loopback. */
  demonstration: z.boolean().default(false),
  carriers: z
    .array(
      z.strictObject({
        code: text,
        name: text,
        kind: z.enum(['MAKER_SPACE', 'INCUBATOR', 'ACCELERATOR']),
        level: z.enum(['NATIONAL', 'PROVINCIAL', 'MUNICIPAL', 'PILOT']),
        /** m². */
        totalArea: z.number().positive(),
      }),
    )
    .min(1),
  /** Which version of a rule is in force from which day. */
  ruleSets: z.array(z.strictObject({ rule: text, version: text, effectiveFrom: day, effectiveTo: day.optional() })),
  /** What the claims of an access token make of who sent it: the first rule that a token keeps decides. */
  viewers: z.array(claimRule).min(1).max(1_000).optional(),
  /** What one operation may ask, where the hub's own bounds do not fit; src/schema/limits.ts says what each means. */
  limits: z
    .strictObject({
      depth: bound,
      aliases: bound,
      directives: bound,
      tokens: bound,
      rootFields: bound,
      fields: bound,
      repeats: bound,
      nodes: bound,
      cost: bound,
      exportRows: bound,
      /** Milliseconds. */
      timeBudget: z.int().min(100).max(600_000),
    })
    .partial()
    .default({}),
  assessment: z.strictObject({
    /** Months a new tenant is observed before its first assessment. */
    observationMonths: z.int().min(1).max(60),
    criteria: z.array(z.strictObject({ year: z.int().min(1).max(10), output: z.string(), patents: z.int().min(0) })),
  }),
});

export type ParkFile = z.infer<typeof parkFileSchema>;

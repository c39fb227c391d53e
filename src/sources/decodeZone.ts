/** Clocks on the wall of a time zone, independent of the machine's own zone. Wall times are written as if they were UTC milliseconds. */

const formatters = new Map<string, Intl.DateTimeFormat>();
const DAY = 86_400_000;
/** The years 1 to 9999, without a day at either end: beyond them the runtime's calendar counts other eras. */
const [FIRST_WALL, LAST_WALL] = [-62_135_510_400_000, 253_402_214_400_000];

/** What the zone's clocks show at an instant (milliseconds since 1970). Throws a RangeError for a zone that does not exist. */
export function wallClock(instant: number, timeZone: string): number {
  const seconds = Math.floor(instant / 1000) * 1000;
  const part: Record<string, number> = {};
  for (const { type, value } of formatterOf(timeZone).formatToParts(seconds)) part[type] = Number(value);
  const shown = new Date(0);
  shown.setUTCFullYear(part.year as number, (part.month as number) - 1, part.day as number);
  shown.setUTCHours(part.hour as number, part.minute as number, part.second as number);
  return shown.getTime() + (instant - seconds);
}

/** The instant at which the zone's clocks show a wall time; the earlier of two, undefined for an hour that was skipped, and outside the years 1 to 9999. */
export function instantIn(timeZone: string, wall: number): number | undefined {
  if (!(wall >= FIRST_WALL && wall <= LAST_WALL)) return undefined;
  const candidates = [wall - DAY, wall + DAY].map((near) => wall - (wallClock(near, timeZone) - near));
  const right = candidates.filter((candidate) => wallClock(candidate, timeZone) === wall);
  return right.length ? Math.min(...right) : undefined;
}

/** Whether the runtime knows the zone. */
export function isTimeZone(timeZone: string): boolean {
  try {
    return formatterOf(timeZone) !== undefined;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(timeZone, formatter);
  }
  return formatter;
}

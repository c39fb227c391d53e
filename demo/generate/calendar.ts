/** Days as ISO texts ("2021-12-31"), reckoned in UTC so that no machine's zone can shift them. */
import type { Random } from './random.js';

const MILLISECONDS_A_DAY = 86_400_000;

/** The day at which the demo stands still. */
export const AS_OF = '2021-12-31';

/** Days since 1970-01-01. */
export function dayNumber(day: string): number {
  return Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8, 10))) / MILLISECONDS_A_DAY;
}

/** The day so many days after 1970-01-01. */
export function dayOf(number: number): string {
  return new Date(number * MILLISECONDS_A_DAY).toISOString().slice(0, 10);
}

/** The day so many days later (earlier, where negative). */
export function addDays(day: string, days: number): string {
  return dayOf(dayNumber(day) + days);
}

/** The same day of the month so many months later, or that month's last day where it has no such day. */
export function addMonths(day: string, months: number): string {
  const month = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + months;
  const last = new Date(Date.UTC(Math.floor(month / 12), (month % 12) + 1, 0)).getUTCDate();
  const date = Math.min(Number(day.slice(8, 10)), last);
  return `${Math.floor(month / 12)}-${pad(1 + (month % 12), 2)}-${pad(date, 2)}`;
}

/** Days from the first to the second. */
export function daysBetween(first: string, second: string): number {
  return dayNumber(second) - dayNumber(first);
}

/** Its year. */
export function yearOf(day: string): number {
  return Number(day.slice(0, 4));
}

/** A day from the first to the last, both included. */
export function randomDay(random: Random, first: string, last: string): string {
  return dayOf(random.integer(dayNumber(first), dayNumber(last)));
}

/** A day from Monday to Friday in the range; the range must hold one. */
export function randomWorkday(random: Random, first: string, last: string): string {
  const start = randomDay(random, first, last);
  for (let ahead = 0; ahead < 7; ahead++) {
    for (const day of [addDays(start, ahead), addDays(start, -ahead)]) {
      // 1970-01-01 was a Thursday.
      const weekday = (dayNumber(day) + 4) % 7;
      if (day >= first && day <= last && weekday >= 1 && weekday <= 5) return day;
    }
  }
  throw new Error(`randomWorkday: expected a workday from ${first} to ${last}, but got none.`);
}

/** The later of two days. */
export function later(a: string, b: string): string {
  return a > b ? a : b;
}

/** The earlier of two days. */
export function earlier(a: string, b: string): string {
  return a < b ? a : b;
}

/** A number with leading zeros. */
export function pad(number: number, width: number): string {
  return String(number).padStart(width, '0');
}

/** The bounds of one answer. */

/** Rows of a page where `first` and `last` are left out. */
export const DEFAULT_PAGE = 50;

/** Most rows of one page. */
export const LARGEST_PAGE = 1_000;

/** Most values of one `in`. */
export const MOST_VALUES = 1_000;

/** Most nested and/or/not of one `where`. */
export const DEEPEST_WHERE = 10;

/** Most comparisons of one `where`: SQLite nests an expression at most 1,000 deep, and each of an `or` is one deeper. */
export const MOST_CONDITIONS = 200;

/** Most values of all comparisons of one `where`: SQLite takes 32,766 in a statement, and needs some for itself. */
export const MOST_VALUES_OF_WHERE = 20_000;

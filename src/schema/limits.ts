/** The bounds of one answer. */

/** Rows of a page where `first` and `last` are left out. */
export const DEFAULT_PAGE = 50;

/** Most rows of one page. */
export const LARGEST_PAGE = 1_000;

/** Most values of one `in`. */
export const MOST_VALUES = 1_000;

/** Most nested and/or/not of one `where`. */
export const DEEPEST_WHERE = 10;

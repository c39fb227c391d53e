/** " (did you mean amount?)" where one of the known names is near the given one; empty else. */
export function suggestion(given: string, known: Iterable<string>): string {
  let nearest: string | undefined;
  // A third of the letters may be wrong; of a single letter, none.
  let least = Math.max(given.length > 1 ? 1 : 0, Math.floor(given.length / 3)) + 1;
  for (const name of known) {
    const distance = editDistance(given.toLowerCase(), name.toLowerCase(), least);
    if (distance < least) [nearest, least] = [name, distance];
  }
  return nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
}

/** How many insertions, deletions, changes and swaps of neighbours make one text of the other; `most` where it is that or more. */
function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) >= most) return most;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const change = a[row - 1] === b[column - 1] ? 0 : 1;
      let cost = Math.min((above[column] as number) + 1, (current[column - 1] as number) + 1, (above[column - 1] as number) + change);
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, (before[column - 2] as number) + 1);
      current.push(cost);
    }
    [before, above] = [above, current];
  }
  return Math.min(above[b.length] as number, most);
}

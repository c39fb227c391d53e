/** CSV as books write it. */

/** Cells as one CSV text: quoted where a comma, a quote or a line end stands in them. `lineEnd` after every row. */
export function csvText(rows: readonly (readonly (string | null)[])[], lineEnd = '\n'): string {
  return rows.map((row) => row.map(csvCell).join(',') + lineEnd).join('');
}

function csvCell(cell: string | null): string {
  if (cell === null) return '';
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

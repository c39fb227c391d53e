/** The chart of docs/performance.md: for each question a bar for each server, answers a second against the hand-written SQL's. */

const COLOURS = { hub: '#d9480f', sql: '#868e96', postgraphile: '#1c7ed6', mercurius: '#2f9e44', typeGraphql: '#ae3ec9' };
const [LEFT, WIDTH, BAR, GAP, SCALE] = [190, 860, 14, 22, 420];

/** An SVG whose words can be read on white and on black. */
export function chart({ summary, questions, peers, connections = 8 }) {
  const cell = (question, peer) => summary.find((one) => one.question === question && one.connections === connections && one.peer === peer);
  const parts = [];
  let top = 58;
  for (const { id, title } of questions) {
    const unit = cell(id, 'sql').perSecond;
    const values = peers.map((peer) => ({ peer, ratio: cell(id, peer.id).perSecond / unit, perSecond: cell(id, peer.id).perSecond }));
    const most = Math.max(1, ...values.map(({ ratio }) => ratio));
    parts.push(text(LEFT - 12, top + (peers.length * BAR) / 2 + 4, escape(title.replaceAll('`', '')), 'end', '600'));
    for (const [index, { peer, ratio, perSecond }] of values.entries()) {
      const [y, width] = [top + index * BAR, Math.max(1, (ratio / most) * SCALE)];
      parts.push(`<rect x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="${BAR - 3}" rx="2" fill="${COLOURS[peer.id]}"/>`);
      parts.push(text(LEFT + width + 6, y + BAR - 4.5, `${ratio.toFixed(2)}  (${Math.round(perSecond).toLocaleString('en')}/s)`));
    }
    top += peers.length * BAR + GAP;
  }
  const legend = peers.map(({ id, title }, index) => {
    const x = 16 + index * 165;
    return `<rect x="${x}" y="${30}" width="11" height="11" rx="2" fill="${COLOURS[id]}"/>${text(x + 16, 40, escape(title))}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" font-family="system-ui, sans-serif" font-size="12">
<title>Answers a second against one hand-written SQL statement</title>
${text(16, 18, `Answers a second against one hand-written SQL statement (1.00), ${connections} connections`, 'start', '600')}
${legend.join('\n')}
${parts.join('\n')}
</svg>
`;
}

// Grey that is legible on both: the page's own colour cannot be asked for from within an image.
function text(x, y, words, anchor = 'start', weight = '400') {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" fill="#7a828a" text-anchor="${anchor}" font-weight="${weight}">${words}</text>`;
}

function escape(words) {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

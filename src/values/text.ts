/** Order of two texts by code point, the same on every machine and in every database of the hub (UTF-8 byte order). */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) {
      // A surrogate stands for a code point above every other UTF-16 unit.
      const leftHigh = isSurrogate(left);
      const rightHigh = isSurrogate(right);
      if (leftHigh !== rightHigh) return leftHigh ? 1 : -1;
      return left - right;
    }
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

const FULL_WIDTH = /[\u3000\uff01-\uff5e]/;

/** Full-width forms (１２，．％（）) and the ideographic space as their ASCII forms; every other character as it is. */
export function toHalfWidth(text: string): string {
  // Most texts have none, and every cell that is read comes by here.
  if (!FULL_WIDTH.test(text)) return text;
  let result = '';
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    if (code === 0x3000) result += ' ';
    else if (code >= 0xff01 && code <= 0xff5e) result += String.fromCharCode(code - 0xfee0);
    else result += character;
  }
  return result;
}

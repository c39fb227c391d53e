/** Where a command prints, and how: colours and moving progress only for a person at a terminal. */
import type { WriteStream } from 'node:tty';
import { styleText } from 'node:util';

/** A part of what is printed, by what it means. */
export type Style = 'heading' | 'good' | 'warning' | 'bad' | 'faint';

const formats = { heading: 'bold', good: 'green', warning: 'yellow', bad: 'red', faint: 'dim' } as const;

/** What a command prints to. Tests give their own. */
export interface Terminal {
  /** What was asked for, to standard output; a line break is added. */
  print(text: string): void;
  /** What people should know beside it, to standard error; a line break is added. */
  note(text: string): void;
  /** The text in the style, or plainly where there are no colours. */
  style(style: Style, text: string): string;
  /** Does the work, and shows a person at a terminal that it goes on; the work may tell how far it is. */
  progress<T>(text: string, work: (tell: (text: string) => void) => Promise<T>): Promise<T>;
}

/** The terminal of this process. NO_COLOR, FORCE_COLOR and TERM are heeded by Node's own hasColors(). */
export function processTerminal(stdout: WriteStream = process.stdout, stderr: WriteStream = process.stderr): Terminal {
  const colours = Boolean(stdout.isTTY) && stdout.hasColors();
  return {
    print: (text) => void stdout.write(`${text}\n`),
    note: (text) => void stderr.write(`${text}\n`),
    style: (style, text) => (colours ? styleText(formats[style], text) : text),
    progress: async (text, work) => {
      // A terminal that does not know its width (one made by `docker run -t` or `script`) keeps ora clearing lines without end.
      if (!stderr.isTTY || !stderr.columns) return work(() => undefined);
      const { default: ora } = await import('ora');
      const spinner = ora({ text, stream: stderr, discardStdin: false }).start();
      const tell = (told: string): void => {
        spinner.text = told;
      };
      try {
        return await work(tell);
      } finally {
        spinner.stop();
      }
    },
  };
}

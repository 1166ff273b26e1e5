import type { FileProgress } from "#serving";

/** Milliseconds between two lines where nobody sits at a terminal. */
const LINE_EVERY = 10_000;

/** Shows on standard error how far a run over a file has come: one line that changes on a terminal, a line now and then elsewhere. */
export function progressLine(): { show(state: FileProgress): void; end(): void } {
  const isTerminal = process.stderr.isTTY;
  const started = performance.now();
  let first: number | undefined;
  let shown = started;
  const textOf = ({ rows, failed, read, size }: FileProgress): string => {
    first ??= rows;
    const perSecond = Math.round(((rows - first) / (performance.now() - started)) * 1000);
    const part = size === 0 ? 100 : Math.floor((read / size) * 100);
    return `${part} %  ${rows} rows, ${perSecond} a second${failed > 0 ? `, ${failed} failed` : ""}`;
  };
  return {
    show(state) {
      const text = textOf(state);
      if (isTerminal) process.stderr.write(`\r${text.padEnd(60)}`);
      else if (performance.now() - shown >= LINE_EVERY) {
        shown = performance.now();
        console.error(text);
      }
    },
    end() {
      if (isTerminal) process.stderr.write(`\r${" ".repeat(60)}\r`);
    },
  };
}

import { templatesErrors } from "../errors.ts";

/** Where Python ends lines. */
// oxlint-disable-next-line no-control-regex -- three of them end lines
const lineEnd = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/;
const tabWidth = 8;

/** Breaks lines at spaces so that none is wider; words that are longer stay whole. @throws TEMPLATES_BAD_VALUE */
export function wordWrap(text: string, width: number): string {
  if (text === "") return "";
  const lines = text.split(lineEnd);
  const ended = text.endsWith("\n");
  if (lines.at(-1) === "") lines.pop();
  if (width < 1) throw templatesErrors.TEMPLATES_BAD_VALUE({ problem: `Lines cannot be ${width} characters wide.` });
  return lines.flatMap((line) => wrapLine(line, width)).join("\n") + (ended ? "\n" : "");
}

function wrapLine(line: string, width: number): string[] {
  const lines: string[] = [];
  let current: string[] = [];
  let room = width;
  const close = () => {
    if (current.at(-1)?.trim() === "") current.pop();
    if (current.length > 0) lines.push(current.join(""));
    current = [];
    room = width;
  };
  for (const chunk of withoutTabs(line).match(/[ \v\f]+|[^ \v\f]+/g) ?? []) {
    const size = [...chunk].length;
    if (size > room && current.length > 0) close();
    if (current.length === 0 && lines.length > 0 && chunk.trim() === "") continue;
    current.push(chunk);
    room -= size;
  }
  close();
  return lines.length > 0 ? lines : [line];
}

function withoutTabs(line: string): string {
  if (!line.includes("\t")) return line;
  let column = 0;
  let text = "";
  for (const part of line.split(/(\t)/)) {
    const added = part === "\t" ? " ".repeat(tabWidth - (column % tabWidth)) : part;
    column += [...added].length;
    text += added;
  }
  return text;
}

/** A line of CREATE TABLE: of a column, or of a rule. */
export interface TableLine {
  readonly column: string | undefined;
  readonly sql: string;
}

const ruleWords = /^(?:CONSTRAINT|PRIMARY|UNIQUE|CHECK|FOREIGN)\b/i;

/** A piece that holds no comma or bracket of the list: a quoted text or name, a comment, or a character. */
const pieces = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?\*\/|[\s\S]/g;

/** The columns and rules of a table as they were written, from the SQL that made it. */
export function tableLines(createTable: string): TableLine[] {
  const lines: string[] = [];
  let depth = 0;
  let line = "";
  for (const [piece] of createTable.matchAll(pieces)) {
    if (/^(?:--|\/\*)/.test(piece)) continue;
    if (piece === "(" && depth++ === 0) continue;
    if (piece === ")" && --depth === 0) break;
    if (depth === 0) continue;
    if (piece === "," && depth === 1) {
      lines.push(line);
      line = "";
    } else line += piece;
  }
  return [...lines, line]
    .map((text) => text.trim())
    .filter((text) => text !== "")
    .map(readLine);
}

function readLine(sql: string): TableLine {
  if (ruleWords.test(sql)) return { column: undefined, sql };
  const [, double, backtick, bracket, bare] = /^(?:"((?:[^"]|"")+)"|`((?:[^`]|``)+)`|\[([^\]]+)\]|(\S+))/.exec(sql) ?? [];
  return { column: double?.replaceAll('""', '"') ?? backtick?.replaceAll("``", "`") ?? bracket ?? bare, sql };
}

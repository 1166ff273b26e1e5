/** A text as a comment of one line: what ends a line in JavaScript would make code of the rest. */
export function printComment(text: string, indent = 0): string {
  return `${" ".repeat(indent)}// ${text.replace(/[\r\n\u2028\u2029]+/g, " ")}\n`;
}

import { wholeNumber } from "../filters/numbers.ts";
import { splitWords } from "../lexer.ts";
import type { TagParser } from "../library.ts";

const opening =
  "Lorem ipsum dolor sit amet, consectetur adipisicing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. Ut enim " +
  "ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo consequat. Duis aute irure dolor in " +
  "reprehenderit in voluptate velit esse cillum dolore eu fugiat nulla pariatur. Excepteur sint occaecat cupidatat non proident, sunt in " +
  "culpa qui officia deserunt mollit anim id est laborum.";
const words = opening.toLowerCase().replace(/[.,]/g, "").split(" ");

/** `{% lorem 3 p random %}`: words (w), paragraphs as HTML (p) or plain (b). */
export const loremTag: TagParser = (parser, token) => {
  const given = splitWords(token.contents).slice(1);
  const random = given.at(-1) === "random";
  if (random) given.pop();
  const method = ["w", "p", "b"].includes(given.at(-1) ?? "") ? given.pop()! : "b";
  const count = parser.expression(given.pop() ?? "1");
  if (given.length > 0) throw parser.problem("{% lorem %} takes a count, one of w, p, b, and random.");
  return {
    compile: (compiler) =>
      compiler.write(
        `${compiler.constant(lorem)}(${compiler.value(count)}, { method: ${JSON.stringify(method)}, random: ${random} })`,
      ),
  };
};

function lorem(count: unknown, { method, random }: { method: string; random: boolean }): string {
  const number = Math.max(0, wholeNumber(count) ?? 1);
  if (method === "w") return Array.from({ length: number }, (_, i) => (random ? anyWord() : words[i % words.length]!)).join(" ");
  const paragraphs = Array.from({ length: number }, (_, i) => (i === 0 && !random ? opening : sentence()));
  return paragraphs.map((paragraph) => (method === "p" ? `<p>${paragraph}</p>` : paragraph)).join("\n\n");
}

function anyWord(): string {
  return words[Math.floor(Math.random() * words.length)]!;
}

function sentence(): string {
  const text = Array.from({ length: 20 }, anyWord).join(" ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

import type { Question } from "#orm/migrations";
import { ask } from "./ask.ts";

/** Asks a person what the models alone do not say; without a terminal nothing is answered, and the command names the flag. */
export async function answerOnTerminal(question: Question): Promise<boolean | string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  const { flag } = question;
  if (question.kind === "fill") {
    const why = question.added ? "is new and must not be null" : "must not be null any more";
    return ask(`${question.field} ${why}. The value for the rows that are there:`, { flag });
  }
  const what = question.kind === "renameField" ? "field" : "model";
  const happened = question.kind === "moveModel" ? "moved" : "renamed";
  return /^y(es)?$/i.test(await ask(`Was the ${what} ${question.from} ${happened} to ${question.to}? [y/N]`, { flag }));
}

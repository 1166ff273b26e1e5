import { mkdirSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { type REPLEval, type REPLServer, start } from "node:repl";
import { text } from "node:stream/consumers";
import { runInShell, shellNames } from "#app";
import * as orm from "#orm";
import { QuerySet } from "#orm";
import { type Command, textOption } from "../command.ts";
import { withProject } from "../project-here.ts";

export const shell: Command = {
  name: "shell",
  summary: "Try things out: a prompt that knows the project's models, where `await` works.",
  usage: "cortado shell [--command CODE]",
  example: 'cortado shell --command "console.log(await User.objects.count())"',
  options: {
    command: { type: "string", short: "c", value: "CODE", about: "Run this and end. Code on standard input is run too." },
  },
  run: (invocation) =>
    withProject(invocation.directory, async (open) => {
      const names = shellNames(open);
      const code = textOption(invocation, "command") ?? (process.stdin.isTTY ? undefined : await text(process.stdin));
      if (code !== undefined) return runInShell(code, names);
      const own = Object.keys(names).filter((name) => !(name in orm));
      console.log(`At hand: ${own.join(", ")}, and all of cortado/orm.\nA query is shown without await; Ctrl+D ends.`);
      await once(prompt(names, invocation.directory), "exit");
    }),
};

/** A prompt that remembers what was typed in this project before. */
function prompt(names: Readonly<Record<string, unknown>>, directory: string): REPLServer {
  // With globals of its own, the prompt's objects would not be plain objects to the ORM.
  const server = start({ prompt: "cortado> ", useGlobal: true });
  Object.assign(server.context, names);
  Object.assign(server, { eval: showingQueries(server.eval) });
  const folder = join(directory, ".cortado");
  mkdirSync(folder, { recursive: true });
  server.setupHistory(join(folder, "shell-history"), (error) => {
    if (error) console.error(`What is typed will not be remembered: ${error.message}`);
  });
  return server;
}

const shownRows = 20;

/** Runs a query that stands alone and shows its first rows. */
function showingQueries(evaluate: REPLEval): REPLEval {
  // oxlint-disable-next-line max-params -- a prompt calls it so
  return function (this: REPLServer, code, context, file, done) {
    evaluate.call(this, code, context, file, (error, value: unknown) => {
      if (error || !(value instanceof QuerySet)) return done(error, value);
      firstRows(value).then((rows) => done(null, rows), (failure: Error) => done(failure, undefined)); // oxfmt-ignore
    });
  };
}

async function firstRows(query: QuerySet<unknown>): Promise<unknown[]> {
  const rows = await query.slice(0, shownRows + 1);
  return rows.length > shownRows ? [...rows.slice(0, shownRows), "… and more"] : rows;
}

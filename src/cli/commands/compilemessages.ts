import { compileMessages } from "#app";
import { type Command, hasOption, listOption } from "../command.ts";
import { projectHere } from "../project-here.ts";

export const compilemessages: Command = {
  name: "compilemessages",
  summary: "Look for mistakes in the catalogues of languages, and write them as .mo files.",
  usage: "cortado compilemessages [--locale CODE …] [--use-fuzzy] [--check]",
  example: "cortado compilemessages --check",
  options: {
    locale: { type: "string", short: "l", multiple: true, value: "CODE", about: "A language; all of them where none is named." },
    "use-fuzzy": { type: "boolean", short: "f", about: "Take fuzzy translations too." },
    check: { type: "boolean", about: "Write nothing; exit 1 where a catalogue has mistakes." },
  },
  async run(invocation) {
    const check = hasOption(invocation, "check");
    const compiled = await compileMessages(await projectHere(invocation.directory), {
      languages: listOption(invocation, "locale"),
      useFuzzy: hasOption(invocation, "use-fuzzy"),
      check,
    });
    for (const { file, texts, problems } of compiled) {
      for (const { line, problem } of problems) console.error(`${file}:${line}  ${problem}.`);
      if (problems.length === 0) console.log(`${file}: ${texts} texts`);
    }
    if (compiled.length === 0) console.log("There are no catalogues. Make one: npx cortado makemessages --locale ko");
    return compiled.some(({ problems }) => problems.length > 0) ? 1 : 0;
  },
};

import { makeMessages } from "#app";
import { type Command, hasOption, type Invocation, listOption, textOption } from "../command.ts";
import { cliErrors } from "../errors.ts";
import { projectHere } from "../project-here.ts";

export const makemessages: Command = {
  name: "makemessages",
  summary: "Write the texts that are to be translated into the catalogues of languages.",
  usage:
    "cortado makemessages [--locale CODE …] [--all] [--domain NAME] [--no-obsolete] [--ignore PATTERN …] [--add-location full|file|never] [--check]",
  example: "cortado makemessages --locale ko --locale de",
  options: {
    locale: { type: "string", short: "l", multiple: true, value: "CODE", about: "A language; it may be given several times." },
    all: { type: "boolean", short: "a", about: "Every language that has a catalogue already." },
    domain: {
      type: "string",
      short: "d",
      value: "NAME",
      about: "The catalogue: cortado, or cortadojs for scripts of browsers; django and djangojs go on with those.",
    },
    "no-obsolete": { type: "boolean", about: "Drop the texts that no source has any more." },
    ignore: { type: "string", short: "i", multiple: true, value: "PATTERN", about: "Files that are not read." },
    "add-location": { type: "string", value: "full|file|never", about: "How a catalogue says where a text stands." },
    check: { type: "boolean", about: "Write nothing; exit 1 where a catalogue would change." },
  },
  async run(invocation) {
    const check = hasOption(invocation, "check");
    const domain = textOption(invocation, "domain");
    const languages = listOption(invocation, "locale");
    const { changed, problems } = await makeMessages(await projectHere(invocation.directory), {
      languages,
      all: hasOption(invocation, "all") || languages.length === 0,
      ...(domain === undefined ? {} : { domain }),
      dropObsolete: hasOption(invocation, "no-obsolete"),
      ignore: listOption(invocation, "ignore"),
      location: locationOption(invocation),
      check,
    });
    for (const problem of problems) console.error(problem);
    for (const { file, texts, untranslated } of changed) {
      console.log(`${check ? "would write" : "wrote"} ${file}: ${texts} texts, ${untranslated} to be translated`);
    }
    if (changed.length === 0) console.log("Every catalogue has the texts that the sources have.");
    return problems.length > 0 || (check && changed.length > 0) ? 1 : 0;
  },
};

function locationOption(invocation: Invocation): "full" | "file" | "never" {
  const given = textOption(invocation, "add-location") ?? "full";
  if (given === "full" || given === "file" || given === "never") return given;
  throw cliErrors.CLI_BAD_ARGUMENT({
    command: makemessages.name,
    problem: `--add-location is "${given}", and must be full, file or never`,
    usage: makemessages.usage,
  });
}

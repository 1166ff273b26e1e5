import { findStatic, listStatic, staticFolders } from "#http";
import { nearestName } from "#kernel";
import { type Command, hasOption } from "../command.ts";
import { withTables } from "../project-here.ts";

export const findstatic: Command = {
  name: "findstatic",
  summary: "Say where a static file lies: the first place is the one that is served.",
  usage: "cortado findstatic PATH… [--first]",
  example: "cortado findstatic css/site.css",
  arguments: { minimum: 1, maximum: 100 },
  options: { first: { type: "boolean", about: "Only the first place." } },
  run: (invocation) =>
    withTables(invocation.directory, async ({ settings }) => {
      let missing = 0;
      for (const path of invocation.args) {
        const found = findStatic(settings, path);
        const shown = hasOption(invocation, "first") ? found.slice(0, 1) : found;
        for (const file of shown) console.log(file);
        if (found.length > 0) continue;
        missing++;
        const known = (await Array.fromAsync(listStatic(settings))).map((one) => one.path);
        const nearest = nearestName(path, known);
        console.error(`There is no static file "${path}".${nearest === undefined ? "" : ` Did you mean "${nearest}"?`}`);
        console.error(
          `Looked in: ${
            staticFolders(settings)
              .map(({ directory }) => directory)
              .join(", ") || "no folder"
          }.`,
        );
      }
      return missing > 0 ? 1 : 0;
    }),
};

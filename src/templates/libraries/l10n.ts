import { filter, type FilterState, type Library, type TagParser } from "../library.ts";
import { useLocalization } from "../runtime/around.ts";
import { localNumbers } from "../runtime/local-numbers.ts";
import { shownText } from "../runtime/render.ts";
import { isSwitchedOn } from "../tags/switch-word.ts";

/** `{% localize off %}…{% endlocalize %}`: numbers and dates as every language writes them, or in the language's way. */
const localizeTag: TagParser = (parser, token) => {
  const isOn = isSwitchedOn(parser, token);
  const { nodes } = parser.parseUntil(token, "endlocalize");
  return {
    bodies: [nodes],
    compile: (compiler) => {
      const outer = compiler.temporary();
      const use = compiler.constant(useLocalization);
      compiler.emit(`${outer} = ${use}(r, ${isOn});`);
      compiler.nodes(nodes);
      compiler.emit(`${use}(r, ${outer});`);
    },
  };
};

function shown(value: unknown, state: FilterState, localizes: boolean): string {
  const { language, timeZone } = state;
  return shownText({ language, timeZone, localizes, numbers: localizes ? localNumbers(language) : undefined }, value);
}

/** `{% load l10n %}`: whether values are written as the language of the render writes them. */
export const l10nLibrary: Library = {
  tags: { localize: localizeTag },
  filters: {
    localize: filter((value, _, state) => shown(value, state, true), { argument: "none" }),
    unlocalize: filter((value, _, state) => shown(value, state, false), { argument: "none" }),
  },
};

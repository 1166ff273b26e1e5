import { didYouMean } from "#kernel";
import { i18nSettings, overrideTimeZone } from "#kernel/i18n";
import { zonedTime } from "../dates/zoned-time.ts";
import { templatesErrors } from "../errors.ts";
import { splitWords } from "../lexer.ts";
import { filter, type Library, type TagParser } from "../library.ts";
import { around, type Part } from "../runtime/around.ts";
import type { Render } from "../runtime/render.ts";
import { quotedText, textOf } from "../runtime/text.ts";
import { nameTag } from "../tags/name-tag.ts";
import { isSwitchedOn } from "../tags/switch-word.ts";

/** `{% localtime off %}…{% endlocaltime %}`: moments in UTC, or in the zone that is active. */
const localtimeTag: TagParser = (parser, token) => {
  const isOn = isSwitchedOn(parser, token);
  const { nodes } = parser.parseUntil(token, "endlocaltime");
  return {
    bodies: [nodes],
    compile: (compiler) => {
      const outer = compiler.temporary();
      compiler.emit(`${outer} = r.timeZone; r.timeZone = ${isOn ? "r.activeTimeZone" : '"UTC"'};`);
      compiler.nodes(nodes);
      compiler.emit(`r.timeZone = ${outer};`);
    },
  };
};

/** `{% timezone "Asia/Seoul" %}…{% endtimezone %}`; `None` is the project's zone. */
const timezoneTag: TagParser = (parser, token) => {
  const [, name, ...rest] = splitWords(token.contents);
  if (name === undefined || rest.length > 0)
    throw parser.problem('{% timezone %} takes one argument: a name such as "Asia/Seoul".');
  const zone = parser.expression(name);
  const { nodes } = parser.parseUntil(token, "endtimezone");
  return {
    bodies: [nodes],
    usesContext: true,
    compile: (compiler) => {
      compiler.write(`yield* ${compiler.constant(inTimeZone)}(r, ${compiler.partHere(nodes)}, ${compiler.value(zone, "null")})`);
    },
  };
};

function* inTimeZone(render: Render, { body, scope }: Part, given: unknown): Generator<unknown, string, unknown> {
  const { timeZone, activeTimeZone } = render;
  const zone = given === null ? i18nSettings().timeZone : timeZoneName(given);
  render.activeTimeZone = zone;
  if (timeZone === activeTimeZone) render.timeZone = zone;
  const text = yield* around(body(render, scope), (step) => overrideTimeZone(zone, step));
  render.timeZone = timeZone;
  render.activeTimeZone = activeTimeZone;
  return text;
}

const known = new Set<string>();

/** @throws TEMPLATES_BAD_VALUE where there is no such zone */
function timeZoneName(given: unknown): string {
  const name = textOf(given);
  if (known.has(name)) return name;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
  } catch {
    throw templatesErrors.TEMPLATES_BAD_VALUE({
      problem: `There is no time zone ${quotedText(given)}.`,
      hint: didYouMean(name, Intl.supportedValuesOf("timeZone")) ?? 'Name one as "Asia/Seoul".',
    });
  }
  known.add(name);
  return name;
}

const own = () => i18nSettings().timeZone;

/** `{% load tz %}`: moments in other time zones. */
export const tzLibrary: Library = {
  tags: { get_current_timezone: nameTag((render) => render.activeTimeZone), localtime: localtimeTag, timezone: timezoneTag },
  filters: {
    localtime: filter((value, _, state) => zonedTime(value, state.activeTimeZone, own()) ?? "", { argument: "none" }),
    timezone: filter((value, zone) => zonedTime(value, timeZoneName(zone), own()) ?? "", { argument: "required" }),
    utc: filter((value) => zonedTime(value, "UTC", own()) ?? "", { argument: "none" }),
  },
};

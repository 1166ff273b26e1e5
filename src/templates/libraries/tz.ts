import { didYouMean } from "#kernel";
import { i18nSettings, overrideTimeZone } from "#kernel/i18n";
import { zonedTime } from "../dates/zoned-time.ts";
import { templatesErrors } from "../errors.ts";
import { splitWords } from "../lexer.ts";
import { filter, type Library, type TagParser } from "../library.ts";
import { around, type Part } from "../runtime/around.ts";
import type { Render } from "../runtime/render.ts";
import { quotedText, textOf } from "../runtime/text.ts";

/** `{% localtime off %}…{% endlocaltime %}`: moments in UTC, or in the zone that is active. */
const localtimeTag: TagParser = (parser, token) => {
  const [, setting = "on", ...rest] = splitWords(token.contents);
  if (rest.length > 0 || (setting !== "on" && setting !== "off")) throw parser.problem('{% localtime %} takes "on" or "off".');
  const { nodes } = parser.parseUntil(token, "endlocaltime");
  return {
    bodies: [nodes],
    compile: (compiler) => {
      const outer = compiler.temporary();
      compiler.emit(`${outer} = r.timeZone; r.timeZone = ${setting === "on" ? "r.activeTimeZone" : '"UTC"'};`);
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
      const part = `{ body: ${compiler.part(nodes)}, scope: ${compiler.scope} }`;
      compiler.write(`yield* ${compiler.constant(inTimeZone)}(r, ${part}, ${compiler.value(zone, "null")})`);
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

/** `{% get_current_timezone as zone %}` */
const currentTimezoneTag: TagParser = (parser, token) => {
  const [, as, name, ...rest] = splitWords(token.contents);
  if (as !== "as" || name === undefined || rest.length > 0)
    throw parser.problem(`{% ${token.contents} %} is not understood.`, "Write {% get_current_timezone as name %}.");
  return { usesContext: true, compile: (compiler) => compiler.assign(name, "r.activeTimeZone") };
};

const own = () => i18nSettings().timeZone;

/** `{% load tz %}`: moments in other time zones. */
export const tzLibrary: Library = {
  tags: { get_current_timezone: currentTimezoneTag, localtime: localtimeTag, timezone: timezoneTag },
  filters: {
    localtime: filter((value, _, state) => zonedTime(value, state.activeTimeZone, own()) ?? "", { argument: "none" }),
    timezone: filter((value, zone) => zonedTime(value, timeZoneName(zone), own()) ?? "", { argument: "required" }),
    utc: filter((value) => zonedTime(value, "UTC", own()) ?? "", { argument: "none" }),
  },
};

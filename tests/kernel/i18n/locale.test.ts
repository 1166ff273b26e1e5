import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { test, type TestContext } from "node:test";
import {
  activateLanguage,
  activateTimeZone,
  checkI18n,
  currentLanguage,
  currentTimeZone,
  fixedTimeZone,
  gettext,
  gettextLazy,
  gettextNoop,
  interpolate,
  isRightToLeft,
  isTimeZone,
  languageInfo,
  languageOfLocale,
  LazyText,
  listText,
  localDate,
  localeName,
  localTime,
  makeAware,
  makeNaive,
  ngettextLazy,
  npgettextLazy,
  overrideLanguage,
  overrideTimeZone,
  pgettextLazy,
  projectI18n,
  supportedLanguage,
  useI18n,
} from "cortado/i18n";
import type { ProjectSettings } from "#kernel";

function uses(t: TestContext, settings: Parameters<typeof useI18n>[0]): void {
  useI18n(settings);
  t.after(() => useI18n({}));
}

test("what is awaited in a language stays in it, whatever runs beside", async () => {
  const run = (code: string) =>
    overrideLanguage(code, async () => {
      await setTimeout(1);
      return `${currentLanguage()} ${gettext("Password")}`;
    });
  assert.deepEqual(await Promise.all(["de", "ko", "en", "fr"].map(run)), ["de Passwort", "ko 비밀번호", "en Password", "fr Mot de passe"]); // prettier-ignore
  assert.equal(currentLanguage(), "en");
});

test("activating changes the rest of what runs, and nothing outside", async () => {
  await overrideLanguage("de", async () => {
    activateLanguage("ko");
    await setTimeout(1);
    assert.equal(gettext("Yes"), "예");
    activateTimeZone("Asia/Seoul");
    assert.equal(currentTimeZone(), "Asia/Seoul");
    activateTimeZone(null);
    assert.equal(currentTimeZone(), "UTC");
  });
  assert.equal(gettext("Yes"), "Yes");
});

test("a lazy text is translated where it is shown", () => {
  const label = gettextLazy("Password");
  assert.ok(label instanceof LazyText);
  assert.equal(`${label}`, "Password");
  overrideLanguage("ko", () => {
    assert.equal(String(label), "비밀번호");
    assert.equal(JSON.stringify({ label }), '{"label":"비밀번호"}');
    assert.equal(String(ngettextLazy("%(num)d year", "%(num)d years", 2)), "%(num)d년");
    assert.equal(String(pgettextLazy("ordinal 1", "{}st")), "{}번째");
    assert.equal(String(npgettextLazy("naturaltime-past", "%(num)d year", "%(num)d years", 2)), "%(num)d년");
    assert.equal(gettextNoop("Password"), "Password");
  });
});

test("values take the places that a text names", () => {
  assert.equal(
    interpolate("%(a)s of %(b)d, 100%%, %(c)s, %(constructor)s", { a: 1, b: "x" }),
    "1 of x, 100%, %(c)s, %(constructor)s",
  );
});

test("words are listed as the language lists them", () => {
  assert.deepEqual([[], ["a"], ["a", "b"], ["a", "b", "c"]].map((words) => listText(words)), ["", "a", "a or b", "a, b or c"]); // prettier-ignore
  assert.equal(
    overrideLanguage("ar", () => listText(["a", "b", "c"])),
    "a، b أو c",
  );
});

test("a language is known by its code, and told in the language of what runs", (t) => {
  uses(t, { languages: { tlh: "Klingon" } });
  assert.deepEqual(languageInfo("hu"), { code: "hu", name: "Hungarian", nameLocal: "Magyar", nameTranslated: "Hungarian", isBidi: false }); // prettier-ignore
  assert.equal(overrideLanguage("ko", () => languageInfo("hu").nameTranslated), "헝가리어"); // prettier-ignore
  assert.equal(languageInfo("de-LI").code, "de");
  assert.equal(languageInfo("zh-tw").nameLocal, "繁體中文");
  assert.equal(languageInfo("tlh").name, "Klingon");
  assert.equal(languageInfo("gsw").nameLocal, "Schwiizertüütsch");
  assert.deepEqual(["ar", "he", "fa-IR", "de"].map(isRightToLeft), [true, true, true, false]);
});

test("an unknown language names the one that was meant", () => {
  assert.throws(() => languageInfo("xx-nothing"), {
    code: "KERNEL_UNKNOWN_LANGUAGE",
    message: '"xx-nothing" is the code of no language that is known.',
    hint: "A language of your own stands in the setting `languages`, with its name.",
  });
  for (const code of ["constructor", "__proto__", ""])
    assert.throws(() => languageInfo(code), { code: "KERNEL_UNKNOWN_LANGUAGE" });
  assert.throws(() => languageInfo("zh-hanz!"), { hint: /Did you mean "zh-hans"\?/ });
});

test("the language that serves best for one that was asked for is found", (t) => {
  uses(t, { languages: { en: "English", de: "German", "pt-br": "Brazilian Portuguese", "zh-hans": "Simplified Chinese" } });
  assert.deepEqual(
    ["de", "de-AT", "DE_at", "zh-CN", "pt", "pt-PT", "fr", "", "x".repeat(101), "__proto__", "constructor"].map((code) => supportedLanguage(code)),
    ["de", "de", "de", "zh-hans", "pt-br", "pt-br", undefined, undefined, undefined, undefined, undefined],
  ); // prettier-ignore
  assert.equal(supportedLanguage("pt", { strict: true }), undefined);
  assert.deepEqual([localeName("zh-hans"), localeName("de-at"), localeName("ko")], ["zh_Hans", "de_AT", "ko"]);
  assert.equal(languageOfLocale("zh_Hans"), "zh-hans");
});

test("moments are told in the current time zone, and local times made moments", () => {
  const moment = new Date("2026-11-23T00:30:00Z");
  assert.equal(localTime(moment).toString(), "2026-11-23T00:30:00+00:00[UTC]");
  overrideTimeZone("America/New_York", () => {
    assert.equal(localDate(moment).toString(), "2026-11-22");
    assert.equal(makeNaive(moment).toString(), "2026-11-22T19:30:00");
    assert.equal(makeAware("2026-11-22T19:30").getTime(), moment.getTime());
  });
  assert.equal(makeAware("2026-11-23T09:30", fixedTimeZone(540)).getTime(), moment.getTime());
  assert.deepEqual([fixedTimeZone(-90), fixedTimeZone(0)], ["-01:30", "+00:00"]);
  assert.equal(localTime(localTime(moment, "Asia/Seoul"), "UTC").hour, 0);
});

test("a time that comes twice or never is read as it is told to be, or refused", () => {
  const zone = "Europe/Berlin";
  assert.equal(makeAware("2026-10-25T02:30", zone, "earlier").toISOString(), "2026-10-25T00:30:00.000Z");
  assert.equal(makeAware("2026-10-25T02:30", zone, "later").toISOString(), "2026-10-25T01:30:00.000Z");
  assert.throws(() => makeAware("2026-03-29T02:30", zone, "reject"), {
    code: "KERNEL_BAD_LOCAL_TIME",
    message: "2026-03-29T02:30:00 cannot be understood in the time zone Europe/Berlin: it comes twice there, or never.",
    hint: 'Say which is meant: disambiguation "earlier" or "later".',
  });
});

test("a name that is no time zone is refused where it is set", () => {
  assert.deepEqual(["Asia/Seoul", "+09:00", "Asia/Soul", "", "../etc"].map(isTimeZone), [true, true, false, false, false]);
  const wanted = {
    code: "KERNEL_UNKNOWN_TIME_ZONE",
    message: '"Asia/Soul" is no time zone. It must be a name such as "Asia/Seoul", "UTC", or an offset such as "+09:00".',
    hint: 'Did you mean "Asia/Seoul"?',
  };
  assert.throws(() => overrideTimeZone("Asia/Soul", () => undefined), wanted);
  assert.throws(() => activateTimeZone("Asia/Soul"), wanted);
  assert.throws(() => useI18n({ timeZone: "Asia/Soul" }), wanted);
});

const project = (settings: Partial<ProjectSettings>) =>
  ({ apps: [], root: import.meta.dirname, secretKey: "", debug: false, mode: "test", ...settings }) as ProjectSettings;

test("a project's settings say which languages it speaks", () => {
  assert.deepEqual(projectI18n(project({ language: "KO" })).languages, { ko: "Korean" });
  assert.deepEqual(projectI18n(project({ languages: ["en", "zh-Hans"] })).languages, {
    en: "English",
    "zh-hans": "Simplified Chinese",
  });
  assert.deepEqual(projectI18n(project({ languages: { en: "Plain English" } })).languages, { en: "Plain English" });
});

test("checks find a default language that is not spoken, and folders that are not there", (t) => {
  const settings = project({ language: "ko", languages: { en: "English", "q!": "None" }, localePaths: ["nowhere"] });
  uses(t, projectI18n(settings));
  const found = checkI18n(settings);
  assert.deepEqual(found.map(({ level, code }) => [level, code]), [["error", "KERNEL_LANGUAGE_NOT_SPOKEN"], ["error", "KERNEL_NO_LOCALE_PATH"]]); // prettier-ignore
  assert.match(found[0]!.message, /The setting `language` is "ko", which `languages` does not have: en, q!\./);
  assert.equal(found[0]!.hint, "Add it to `languages`, or set `language` to one of them.");
  assert.equal(found[1]!.message, "The setting `localePaths` names the folder nowhere, which does not exist.");
  assert.match(found[1]!.hint!, /makemessages --locale ko/);
});

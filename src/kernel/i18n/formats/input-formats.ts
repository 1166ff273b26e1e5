/*
 * How languages write dates and times into a field, in `strptime`'s characters. The first format of a list is the one in which a
 * field shows its value. ISO's own come last, in every language.
 */

/** The formats that a language's fields read. */
export interface InputFormats {
  readonly dateInputFormats: readonly string[];
  readonly timeInputFormats: readonly string[];
  readonly dateTimeInputFormats: readonly string[];
}

interface KnownInputs {
  /** Dates that may stand alone. */
  readonly dates: readonly string[];
  readonly times?: readonly string[];
  /** Dates that a time may follow; all of them where left out. */
  readonly beforeTimes?: readonly string[];
  readonly more?: readonly string[];
}

const clock = ["%H:%M:%S", "%H:%M:%S.%f", "%H:%M"];

const isoInputs: InputFormats = {
  dateInputFormats: ["%Y-%m-%d"],
  timeInputFormats: clock,
  dateTimeInputFormats: [...clock.map((time) => `%Y-%m-%d ${time}`), "%Y-%m-%d"],
};

const american = ["%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y"];
const written = ["%b %d %Y", "%b %d, %Y", "%d %b %Y", "%d %b, %Y", "%B %d %Y", "%B %d, %Y", "%d %B %Y", "%d %B, %Y"];
const english: KnownInputs = { dates: [...american, ...written], beforeTimes: american };
const slashed = ["%d/%m/%Y", "%d/%m/%y"];
const dotted = ["%d.%m.%Y", "%d.%m.%y"];

const known: Readonly<Record<string, KnownInputs>> = {
  en: english,
  "en-gb": { dates: slashed, beforeTimes: ["%Y-%m-%d", ...slashed] },
  ca: { dates: slashed },
  cs: {
    dates: [...dotted, "%d. %m. %Y", "%d. %m. %y"],
    times: ["%H:%M:%S", "%H.%M", "%H:%M"],
    beforeTimes: ["%d.%m.%Y", "%d. %m. %Y"],
    more: ["%d.%m.%Y %H.%M", "%d. %m. %Y %H.%M", "%Y-%m-%d %H.%M"],
  },
  da: { dates: ["%d.%m.%Y"] },
  de: { dates: dotted, beforeTimes: ["%d.%m.%Y"] },
  el: { dates: [...slashed, "%Y-%m-%d"] },
  es: { dates: slashed },
  "es-ar": { dates: slashed },
  "es-mx": { dates: [...slashed, "%Y%m%d"], beforeTimes: slashed },
  fi: { dates: dotted, times: ["%H.%M.%S", "%H.%M.%S.%f", "%H.%M"] },
  fr: { dates: [...slashed, ...dotted], beforeTimes: ["%d/%m/%Y", "%d.%m.%Y"] },
  hr: {
    dates: ["%Y-%m-%d", "%d.%m.%Y.", "%d.%m.%y.", "%d. %m. %Y.", "%d. %m. %y."],
    times: ["%H:%M:%S", "%H:%M:%S.%f", "%H:%M"],
  },
  hu: { dates: ["%Y.%m.%d."], times: ["%H:%M:%S", "%H:%M"] },
  it: { dates: ["%d/%m/%Y", "%Y/%m/%d", "%d-%m-%Y", "%Y-%m-%d", "%d-%m-%y", "%d/%m/%y"] },
  ko: {
    dates: [...american, "%Y년 %m월 %d일"],
    times: [...clock, "%H시 %M분 %S초", "%H시 %M분"],
    beforeTimes: american,
    more: ["%Y년 %m월 %d일 %H시 %M분 %S초", "%Y년 %m월 %d일 %H시 %M분"],
  },
  lt: { dates: ["%Y-%m-%d", ...dotted], times: [...clock, "%H.%M.%S", "%H.%M.%S.%f", "%H.%M"] },
  nb: { dates: ["%Y-%m-%d", ...dotted] },
  nl: {
    dates: ["%d-%m-%Y", "%d-%m-%y", ...slashed, "%Y/%m/%d"],
    times: [...clock, "%H.%M:%S", "%H.%M:%S.%f", "%H.%M"],
  },
  nn: { dates: ["%Y-%m-%d", ...dotted] },
  pl: { dates: [...dotted, "%y-%m-%d"], times: ["%H:%M:%S", "%H:%M:%S.%f", "%H:%M"], beforeTimes: ["%d.%m.%Y"] },
  pt: { dates: ["%Y-%m-%d", ...slashed] },
  "pt-br": { dates: slashed },
  ro: {
    dates: ["%d.%m.%Y", "%d.%b.%Y", "%d %B %Y", "%A, %d %B %Y"],
    times: ["%H:%M", "%H:%M:%S", "%H:%M:%S.%f"],
    beforeTimes: [],
    more: ["%d.%m.%Y, %H:%M", "%d.%m.%Y, %H:%M:%S", "%d.%B.%Y, %H:%M", "%d.%B.%Y, %H:%M:%S"],
  },
  ru: { dates: dotted },
  sk: { dates: [...dotted, "%y-%m-%d"], beforeTimes: ["%d.%m.%Y"] },
  sl: { dates: [...dotted, "%d-%m-%Y", "%d. %m. %Y", "%d. %m. %y"] },
  sv: { dates: american },
  tr: { dates: [...slashed, "%y-%m-%d"], beforeTimes: ["%d/%m/%Y"] },
  uk: { dates: ["%d.%m.%Y", "%d %B %Y"], beforeTimes: ["%d.%m.%Y", "%d %B %Y"] },
  "zh-hans": {
    dates: ["%Y/%m/%d", "%Y-%m-%d", "%Y年%m月%d日"],
    times: ["%H:%M", "%H:%M:%S", "%H:%M:%S.%f"],
  },
  "zh-hant": {
    dates: ["%Y/%m/%d", "%Y-%m-%d", "%Y年%m月%d日"],
    times: ["%H:%M", "%H:%M:%S", "%H:%M:%S.%f"],
  },
};

function withIso(formats: readonly string[], iso: readonly string[]): string[] {
  return [...new Set([...formats, ...iso])];
}

/** The formats that fields read in a language; English's where the language has none of its own. */
export function inputFormatsOf(languages: readonly string[]): InputFormats {
  const found = languages.find((language) => Object.hasOwn(known, language));
  const { dates, times = clock, beforeTimes = dates, more = [] } = known[found ?? "en"]!;
  const together = beforeTimes.flatMap((date) => times.map((time) => `${date} ${time}`));
  return {
    dateInputFormats: withIso(dates, isoInputs.dateInputFormats),
    timeInputFormats: withIso(times, isoInputs.timeInputFormats),
    dateTimeInputFormats: withIso([...together, ...more], isoInputs.dateTimeInputFormats),
  };
}

/*
 * How languages write numbers, dates and times: facts, in Django's format characters. What a line leaves out is English's,
 * as it is in Django.
 */

/** One language's line of the table. */
export interface KnownFormats {
  /** Date, date with time, time. */
  readonly date: string;
  readonly dateTime?: string;
  readonly time: string;
  readonly shortDate?: string;
  readonly shortDateTime?: string;
  readonly yearMonth: string;
  readonly monthDay: string;
  /** 0 is Sunday. */
  readonly firstDay?: number;
  /** The decimal separator, then that of thousands. */
  readonly separators: readonly [string, string];
  /** 3 where left out; 0 where thousands are not separated. */
  readonly grouping?: number;
}

const space = "\u00a0";

const dotted = {
  date: "j. F Y", time: "H:i", dateTime: "j. F Y H:i", shortDate: "d.m.Y", shortDateTime: "d.m.Y H:i",
  yearMonth: "F Y", monthDay: "j. F", firstDay: 1,
} as const; // prettier-ignore

const latin = {
  date: "j \\d\\e F \\d\\e Y", time: "H:i", shortDate: "d/m/Y", shortDateTime: "d/m/Y H:i",
  yearMonth: "F \\d\\e Y", monthDay: "j \\d\\e F", separators: [",", "."],
} as const; // prettier-ignore

const plain = { date: "j F Y", time: "H:i", dateTime: "j F Y H:i", yearMonth: "F Y", monthDay: "j F", firstDay: 1 } as const;

const chinese = {
  date: "Y年n月j日", time: "H:i", dateTime: "Y年n月j日 H:i", shortDate: "Y年n月j日", shortDateTime: "Y年n月j日 H:i",
  yearMonth: "Y年n月", monthDay: "m月j日", firstDay: 1, separators: [".", ""], grouping: 4,
} as const; // prettier-ignore

/** Every language of the table, by its code. */
export const knownFormats: Readonly<Record<string, KnownFormats>> = {
  en: {
    date: "N j, Y", time: "P", dateTime: "N j, Y, P", shortDate: "m/d/Y", shortDateTime: "m/d/Y P",
    yearMonth: "F Y", monthDay: "F j", firstDay: 0, separators: [".", ","],
  },
  "en-gb": {
    date: "j M Y", time: "P", dateTime: "j M Y, P", shortDate: "d/m/Y", shortDateTime: "d/m/Y P",
    yearMonth: "F Y", monthDay: "j F", firstDay: 1, separators: [".", ","],
  },
  ar: {
    date: "j F، Y", time: "g:i A", shortDate: "d/m/Y", yearMonth: "F Y", monthDay: "j F", separators: [",", "."], grouping: 0,
  },
  ca: {
    date: "j E \\d\\e Y", time: "G:i", dateTime: "j E \\d\\e Y \\a \\l\\e\\s G:i", shortDate: "d/m/Y", shortDateTime: "d/m/Y G:i",
    yearMonth: "F \\d\\e\\l Y", monthDay: "j E", firstDay: 1, separators: [",", "."],
  },
  cs: {
    date: "j. E Y", time: "G:i", dateTime: "j. E Y G:i", shortDate: "d.m.Y", shortDateTime: "d.m.Y G:i",
    yearMonth: "F Y", monthDay: "j. F", firstDay: 1, separators: [",", space],
  },
  da: { ...dotted, separators: [",", "."] },
  de: { ...dotted, separators: [",", "."] },
  "de-ch": { ...dotted, separators: [",", space] },
  el: {
    date: "d/m/Y", time: "P", dateTime: "d/m/Y P", shortDate: "d/m/Y", shortDateTime: "d/m/Y P",
    yearMonth: "F Y", monthDay: "j F", firstDay: 0, separators: [",", "."],
  },
  es: { ...latin, dateTime: "j \\d\\e F \\d\\e Y \\a \\l\\a\\s H:i", firstDay: 1, separators: [",", space] },
  "es-ar": {
    date: "j N Y", time: "H:i", dateTime: "j N Y H:i", shortDate: "d/m/Y", shortDateTime: "d/m/Y H:i",
    yearMonth: "F Y", monthDay: "j \\d\\e F", firstDay: 0, separators: [",", "."],
  },
  "es-mx": { ...latin, dateTime: "j \\d\\e F \\d\\e Y \\a \\l\\a\\s H:i", firstDay: 1, separators: [".", space] },
  fa: {
    date: "j F Y", time: "G:i", dateTime: "j F Y، ساعت G:i", shortDate: "Y/n/j", shortDateTime: "Y/n/j،\u200f G:i",
    yearMonth: "F Y", monthDay: "j F", firstDay: 6, separators: [".", ","], grouping: 0,
  },
  fi: {
    date: "j. E Y", time: "G.i", dateTime: "j. E Y \\k\\e\\l\\l\\o G.i", shortDate: "j.n.Y", shortDateTime: "j.n.Y G.i",
    yearMonth: "F Y", monthDay: "j. F", firstDay: 1, separators: [",", space],
  },
  fr: { ...plain, shortDate: "d/m/Y", shortDateTime: "d/m/Y H:i", separators: [",", space] },
  he: {
    date: "j בF Y", time: "H:i", dateTime: "j בF Y H:i", shortDate: "d/m/Y", shortDateTime: "d/m/Y H:i",
    yearMonth: "F Y", monthDay: "j בF", separators: [".", ","], grouping: 0,
  },
  hr: {
    date: "j. E Y.", time: "H:i", dateTime: "j. E Y. H:i", shortDate: "j.m.Y.", shortDateTime: "j.m.Y. H:i",
    yearMonth: "F Y.", monthDay: "j. F", firstDay: 1, separators: [",", "."],
  },
  hu: {
    date: "Y. F j.", time: "H:i", dateTime: "Y. F j. H:i", shortDate: "Y.m.d.", shortDateTime: "Y.m.d. H:i",
    yearMonth: "Y. F", monthDay: "F j.", firstDay: 1, separators: [",", space],
  },
  it: {
    date: "d F Y", time: "H:i", dateTime: "l d F Y H:i", shortDate: "d/m/Y", shortDateTime: "d/m/Y H:i",
    yearMonth: "F Y", monthDay: "j F", firstDay: 1, separators: [",", "."],
  },
  ja: {
    date: "Y年n月j日", time: "G:i", dateTime: "Y年n月j日G:i", shortDate: "Y/m/d", shortDateTime: "Y/m/d G:i",
    yearMonth: "Y年n月", monthDay: "n月j日", separators: [".", ","], grouping: 0,
  },
  ko: {
    date: "Y년 n월 j일", time: "A g:i", dateTime: "Y년 n월 j일 g:i A", shortDate: "Y-n-j.", shortDateTime: "Y-n-j H:i",
    yearMonth: "Y년 n월", monthDay: "n월 j일", separators: [".", ","],
  },
  lt: {
    date: "Y \\m. E j \\d.", time: "H:i", dateTime: "Y \\m. E j \\d., H:i", shortDate: "Y-m-d", shortDateTime: "Y-m-d H:i",
    yearMonth: "Y \\m. F", monthDay: "E j \\d.", firstDay: 1, separators: [",", "."],
  },
  nb: { ...dotted, separators: [",", space] },
  nl: { ...plain, shortDate: "j-n-Y", shortDateTime: "j-n-Y H:i", separators: [",", "."] },
  nn: { ...dotted, separators: [",", space] },
  pl: {
    date: "j E Y", time: "H:i", dateTime: "j E Y H:i", shortDate: "d-m-Y", shortDateTime: "d-m-Y  H:i",
    yearMonth: "F Y", monthDay: "j E", firstDay: 1, separators: [",", space],
  },
  pt: { ...latin, dateTime: "j \\d\\e F \\d\\e Y à\\s H:i", firstDay: 0 },
  "pt-br": { ...latin, dateTime: "j \\d\\e F \\d\\e Y à\\s H:i", firstDay: 0 },
  ro: { ...plain, dateTime: "j F Y, H:i", shortDate: "d.m.Y", shortDateTime: "d.m.Y, H:i", separators: [",", "."] },
  ru: {
    date: "j E Y г.", time: "G:i", dateTime: "j E Y г. G:i", shortDate: "d.m.Y", shortDateTime: "d.m.Y H:i",
    yearMonth: "F Y г.", monthDay: "j F", firstDay: 1, separators: [",", space],
  },
  sk: { ...dotted, time: "G:i", dateTime: "j. F Y G:i", shortDateTime: "d.m.Y G:i", separators: [",", space] },
  sl: {
    date: "d. F Y", time: "H:i", dateTime: "j. F Y. H:i", shortDate: "j. M. Y", shortDateTime: "j.n.Y. H:i",
    yearMonth: "F Y", monthDay: "j. F", firstDay: 0, separators: [",", "."],
  },
  sv: { ...plain, shortDate: "Y-m-d", shortDateTime: "Y-m-d H:i", separators: [",", space] },
  tr: {
    date: "d F Y", time: "H:i", dateTime: "d F Y H:i", shortDate: "d M Y", shortDateTime: "d M Y H:i",
    yearMonth: "F Y", monthDay: "d F", firstDay: 1, separators: [",", "."],
  },
  uk: {
    date: "d E Y р.", time: "H:i", dateTime: "d E Y р. H:i", shortDate: "d.m.Y", shortDateTime: "d.m.Y H:i",
    yearMonth: "F Y", monthDay: "d F", firstDay: 1, separators: [",", space],
  },
  "zh-hans": chinese,
  "zh-hant": { ...chinese, shortDate: "Y/n/j", shortDateTime: "Y/n/j H:i", monthDay: "n月j日", separators: [".", ","] },
}; // prettier-ignore

import { chainOf } from "./language-chain.ts";

const one = "nplurals=1; plural=0;";
const afterOne = "nplurals=2; plural=(n != 1);";
const aboveOne = "nplurals=2; plural=(n > 1);";
const slavic = "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);";

const rules: Readonly<Record<string, string>> = {
  ...Object.fromEntries(["id", "ja", "ka", "km", "ko", "lo", "ms", "my", "th", "vi", "zh"].map((code) => [code, one])),
  ...Object.fromEntries(
    ["br", "fa", "fil", "fr", "hi", "hy", "ln", "oc", "pt-br", "tg", "tr", "uz"].map((code) => [code, aboveOne]),
  ),
  ...Object.fromEntries(["be", "bs", "hr", "ru", "sr", "uk"].map((code) => [code, slavic])),
  ar: "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
  cs: "nplurals=3; plural=(n==1 ? 0 : n>=2 && n<=4 ? 1 : 2);",
  cy: "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n==3 ? 3 : n==6 ? 4 : 5);",
  ga: "nplurals=5; plural=(n==1 ? 0 : n==2 ? 1 : n>2 && n<7 ? 2 : n>6 && n<11 ? 3 : 4);",
  gd: "nplurals=4; plural=(n==1 || n==11 ? 0 : n==2 || n==12 ? 1 : n>2 && n<20 ? 2 : 3);",
  is: "nplurals=2; plural=(n%10!=1 || n%100==11);",
  lt: "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && (n%100<10 || n%100>=20) ? 1 : 2);",
  lv: "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n!=0 ? 1 : 2);",
  mk: "nplurals=2; plural=(n%10==1 && n%100!=11 ? 0 : 1);",
  pl: "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
  ro: "nplurals=3; plural=(n==1 ? 0 : n==0 || (n%100>0 && n%100<20) ? 1 : 2);",
  sk: "nplurals=3; plural=(n==1 ? 0 : n>=2 && n<=4 ? 1 : 2);",
  sl: "nplurals=4; plural=(n%100==1 ? 0 : n%100==2 ? 1 : n%100==3 || n%100==4 ? 2 : 3);",
};

/**
 * The header `Plural-Forms` of a new catalogue.
 *
 * ```ts
 * pluralFormsOf("ko"); // "nplurals=1; plural=0;"
 * ```
 */
export function pluralFormsOf(language: string): string {
  const known = chainOf(language.toLowerCase()).findLast((code) => Object.hasOwn(rules, code));
  return known === undefined ? afterOne : rules[known]!;
}

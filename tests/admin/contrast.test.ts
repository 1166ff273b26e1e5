import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const css = readFileSync(new URL("../../src/views/assets/cortado/cortado.css", import.meta.url), "utf8");
const adminCss = readFileSync(new URL("../../src/admin/assets/admin/admin.css", import.meta.url), "utf8");

type Theme = "light" | "dark";
const tokens: Record<Theme, Record<string, string>> = { light: {}, dark: {} };
for (const [, name, light, dark] of css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)) {
  tokens.light[name!] = light!;
  tokens.dark[name!] = dark!;
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const grounds = ["ground", "surface", "sunken", "accent-soft"];
const softs = ["good-soft", "warn-soft", "bad-soft", "model-soft"];
const pairs: [text: string, ground: string][] = [
  ...["ink", "ink-2", "ink-3", "accent", "accent-strong"].flatMap((ink) =>
    grounds.map((ground) => [ink, ground] as [string, string]),
  ),
  ...["model", "good", "warn", "bad"].flatMap((ink) =>
    ["ground", "surface", "sunken", `${ink}-soft`].map((ground) => [ink, ground] as [string, string]),
  ),
  ...["ink", "ink-2"].flatMap((ink) => softs.map((ground) => [ink, ground] as [string, string])),
  ["on-accent", "accent"],
  ["on-accent", "accent-strong"],
  ["on-bad", "bad"],
  ["on-inverse", "inverse"],
];

for (const theme of ["light", "dark"] as const) {
  test(`every text has a contrast of at least 4.5 to its ground in the ${theme} theme`, () => {
    const colours = tokens[theme];
    const weak = pairs.map(([a, b]) => [a, b, contrast(colours[a]!, colours[b]!)] as const).filter(([, , ratio]) => ratio < 4.5);
    assert.deepEqual(weak, []);
  });
}

test("focus is marked by a ring that stands out from every ground", () => {
  for (const theme of ["light", "dark"] as const)
    for (const ground of grounds)
      assert.ok(contrast(tokens[theme]["accent"]!, tokens[theme][ground]!) >= 3, `${theme} ${ground}`);
});

test("the admin's stylesheet uses tokens only, and no colour of its own", () => {
  assert.doesNotMatch(
    adminCss.replaceAll(/\/\*.*?\*\//gs, ""),
    /#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(|oklch\(|:\s*(?:white|black|red|blue|brown)\b/i,
  );
});

test("every token that a stylesheet uses is defined", () => {
  const defined = new Set([...css.matchAll(/^\s+--([\w-]+):/gm)].map(([, name]) => name));
  const used = [...`${css}${adminCss}`.matchAll(/var\(--([\w-]+)/g)].map(([, name]) => name);
  assert.deepEqual(
    [...new Set(used)].filter((name) => !defined.has(name)),
    [],
  );
});

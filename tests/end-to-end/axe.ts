import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";

const source = readFileSync(join(import.meta.dirname, "../../node_modules/axe-core/axe.min.js"), "utf8");
const levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe finds against a page by WCAG 2.2 AA and good practice, a line for each kind of fault. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(source);
  const run = `axe.run({ runOnly: { type: "tag", values: ${JSON.stringify(levels)} } })`;
  const found = (await page.evaluate(run)) as { violations: { id: string; help: string; nodes: { html: string }[] }[] };
  return found.violations.map(
    ({ id, help, nodes }) => `${id} (${help}): ${nodes.map(({ html }) => html.slice(0, 200)).join("  ")}`,
  );
}

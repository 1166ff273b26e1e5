import { Engine } from "cortado/templates";
import type { Case } from "../measure.ts";
import { peer } from "../peers.ts";

const rows = Array.from({ length: 100 }, (_, i) => ({
  id: i + 1,
  name: i % 7 === 0 ? `Caffè <"Latte"> & Co ${i}` : `Coffee ${i}`,
  price: 3000 + i * 10,
  isIce: i % 2 === 0,
}));

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };
const escapeText = (text: string) => text.replace(/[&<>"']/g, (char) => escapes[char]!);

function literal(): string {
  let out = "<table>";
  for (const row of rows)
    out += `<tr><td>${row.id}</td><td>${escapeText(row.name)}</td><td>${row.price}</td><td>${row.isIce ? "ice" : "hot"}</td></tr>`;
  return `${out}</table>`;
}

const django = `<table>{% for row in rows %}<tr><td>{{ row.id }}</td><td>{{ row.name }}</td><td>{{ row.price }}</td><td>{% if row.isIce %}ice{% else %}hot{% endif %}</td></tr>{% endfor %}</table>`;

function same(html: string): void {
  const plain = (text: string) => text.replaceAll("&#39;", "&#x27;");
  if (plain(html) !== literal()) throw new Error("renders something else than the literal");
}

const repeat = (render: () => unknown) => async (n: number) => {
  for (let i = 0; i < n; i++) await render();
};

export const cases: readonly Case[] = [
  {
    name: "table",
    unit: "us",
    bar: 1.5,
    reference: "hand-written literal",
    subjects: [
      {
        name: "cortado",
        async open() {
          const engine = new Engine({ templates: { "table.html": django } });
          same(await engine.render("table.html", { rows }));
          return { run: repeat(() => engine.render("table.html", { rows })) };
        },
      },
      { name: "hand-written literal", open: async () => ({ run: repeat(literal) }) },
      {
        name: "eta",
        async open() {
          const { Eta } = peer("eta");
          const eta = new Eta({ autoEscape: true });
          eta.loadTemplate(
            "@table",
            "<table><% for (const row of it.rows) { %><tr><td><%= row.id %></td><td><%= row.name %></td><td><%= row.price %></td><td><% if (row.isIce) { %>ice<% } else { %>hot<% } %></td></tr><% } %></table>",
          );
          same(eta.render("@table", { rows }));
          return { run: repeat(() => eta.render("@table", { rows })) };
        },
      },
      {
        name: "nunjucks",
        async open() {
          const nunjucks = peer("nunjucks");
          const template = nunjucks.compile(django, new nunjucks.Environment(null, { autoescape: true }));
          same(template.render({ rows }));
          return { run: repeat(() => template.render({ rows })) };
        },
      },
    ],
  },
];

import { join } from "node:path";
import { Engine } from "cortado/templates";
import { openDjango } from "../django-process.ts";
import type { Case, Subject } from "../measure.ts";
import { peer } from "../peers.ts";
import { type CaseName, context, contextFile, folderOf, literals, same } from "./texts.ts";

/** Renders with an engine once it was seen that it gives the literal's text. */
function engine(name: string, open: (page: CaseName) => Promise<() => string | Promise<string>>): (page: CaseName) => Subject {
  return (page) => ({
    name,
    async open() {
      const render = await open(page);
      same(page, await render());
      return {
        async run(n) {
          for (let i = 0; i < n; i++) await render();
        },
      };
    },
  });
}

const django: (page: CaseName) => Subject = (page) => ({
  name: "django",
  open: () =>
    openDjango(join(import.meta.dirname, "django_templates.py"), [folderOf("django"), `${page}.html`, contextFile(page)], 300),
});

const cortado = engine("cortado", async (page) => {
  const templates = new Engine({ directories: [folderOf("django")] });
  return () => templates.render(`${page}.html`, context);
});

const literal = engine("hand-written literal", async (page) => literals[page]);

const peers = [
  engine("eta", async (page) => {
    const { Eta } = peer("eta");
    const eta = new Eta({ views: folderOf("eta"), autoEscape: true, cache: true });
    return () => eta.render(`./${page}`, context);
  }),
  engine("nunjucks", async (page) => {
    const nunjucks = peer("nunjucks");
    const template = new nunjucks.Environment(new nunjucks.FileSystemLoader(folderOf("django")), { autoescape: true });
    const compiled = template.getTemplate(`${page}.html`, true);
    return () => compiled.render(context);
  }),
  engine("liquidjs", async (page) => {
    const { Liquid } = peer("liquidjs");
    const liquid = new Liquid({ root: folderOf("liquid"), cache: true, outputEscape: "escape" });
    const template = liquid.parseFileSync(`${page}.liquid`);
    return () => liquid.renderSync(template, context);
  }),
  engine("edge", async (page) => {
    const { Edge } = await import(peer.resolve("edge.js"));
    const edge = new Edge({ cache: true });
    edge.mount(folderOf("edge"));
    return () => edge.render(page, context);
  }),
  django,
];

export const cases: readonly Case[] = [
  {
    name: "table",
    unit: "us",
    bar: 1.5,
    reference: "hand-written literal",
    subjects: [cortado, literal, ...peers].map((subject) => subject("table")),
  },
  {
    name: "page",
    unit: "us",
    bar: 1,
    reference: ["eta", "nunjucks", "liquidjs", "edge", "django"],
    subjects: [cortado, literal, ...peers].map((subject) => subject("page")),
  },
];

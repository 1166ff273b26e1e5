import { DatabaseSync } from "node:sqlite";
import { type HttpRequest, path, render } from "cortado";
import Fastify from "fastify";
import { Coffee, benchApp } from "../orm/models.ts";
import { coffeeFile, pragmas } from "../orm/place.ts";
import { peer } from "../peers.ts";
import { listenWithFastify, listenWithNode, listenWithProject } from "./listen.ts";

const rows = 100;

interface Row {
  id: number;
  name: string;
  price: number;
  is_ice: number;
}

/** The same page of 100 rows from each. */
export const servers: Record<string, () => Promise<number>> = {
  cortado: () =>
    listenWithProject({
      apps: [{ ...benchApp, templates: import.meta.dirname }],
      database: `sqlite:${coffeeFile(rows)}`,
      urls: [path("coffee/", (request: HttpRequest) => render(request, "page.html", { coffee_list: Coffee.objects.all() }))],
    }),
  "fastify + node:sqlite + eta": () => {
    const { Eta } = peer("eta");
    const eta = new Eta({ views: import.meta.dirname, cache: true });
    const db = new DatabaseSync(coffeeFile(rows));
    db.exec(pragmas);
    const statement = db.prepare("SELECT id, name, price, is_ice FROM bench_coffee ORDER BY id");
    const server = Fastify();
    server.get("/coffee/", (_request, reply) =>
      reply.type("text/html; charset=utf-8").send(eta.render("page", { coffees: statement.all() as unknown as Row[] })),
    );
    return listenWithFastify(server);
  },
  "express + drizzle + nunjucks": () => {
    const express = peer("express");
    const { sqliteTable, integer, text } = peer("drizzle-orm/sqlite-core");
    const client = new (peer("better-sqlite3"))(coffeeFile(rows));
    client.exec(pragmas);
    const db = peer("drizzle-orm/better-sqlite3").drizzle(client);
    const coffee = sqliteTable("bench_coffee", {
      id: integer("id").primaryKey(),
      name: text("name").notNull(),
      price: integer("price").notNull(),
      is_ice: integer("is_ice", { mode: "boolean" }).notNull(),
    });
    const app = express();
    peer("nunjucks").configure(import.meta.dirname, { express: app, autoescape: true });
    app.get("/coffee/", async (_request: unknown, response: { render(view: string, context: object): void }) =>
      response.render("page.html", { coffee_list: await db.select().from(coffee).orderBy(coffee.id) }),
    );
    return listenWithNode(app.listen(0, "127.0.0.1"));
  },
};

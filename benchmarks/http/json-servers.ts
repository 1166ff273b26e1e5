import { createServer } from "node:http";
import { path } from "cortado";
import { auth } from "cortado/auth";
import Fastify from "fastify";
import accounts from "../../examples/cafe/accounts/app.ts";
import { User } from "../../examples/cafe/accounts/models.ts";
import { peer } from "../peers.ts";
import { listenWithFastify, listenWithNode, listenWithProject } from "./listen.ts";

const coffee = () => ({ id: 7, name: "Latte", price: 4500, isIce: true, tags: ["milk", "warm"] });

/** The same JSON from each; Cortado's with everything on that a project has by default, and users. */
export const servers: Record<string, () => Promise<number>> = {
  cortado: () => listenWithProject({ apps: [auth({ user: User }), accounts], urls: [path("coffee/", coffee)] }),
  "node:http": () => {
    const server = createServer((_request, response) => {
      const body = JSON.stringify(coffee());
      response.writeHead(200, { "content-type": "application/json; charset=utf-8", "content-length": Buffer.byteLength(body) });
      response.end(body);
    });
    return listenWithNode(server.listen(0, "127.0.0.1"));
  },
  "fastify (bare)": () => listenWithFastify(Fastify().get("/coffee/", async () => coffee())),
  "express (helmet, session)": () => {
    const express = peer("express");
    const app = express();
    app.use(peer("helmet")());
    app.use(peer("express-session")({ secret: "a key for benchmarks", resave: false, saveUninitialized: false }));
    app.get("/coffee/", (_request: unknown, response: { json(value: object): void }) => response.json(coffee()));
    return listenWithNode(app.listen(0, "127.0.0.1"));
  },
};

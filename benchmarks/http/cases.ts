import { join } from "node:path";
import type { Case } from "../measure.ts";
import { djangoPage } from "./django-subject.ts";
import { serverSubject } from "./server-subject.ts";
import { nodeServer } from "./started-server.ts";
import { servers as jsonServers } from "./json-servers.ts";
import { servers as pageServers } from "./page-servers.ts";

const here = (file: string) => join(import.meta.dirname, file);
const cpu = { path: "/coffee/", measure: "cpu" } as const;

export const cases: readonly Case[] = [
  {
    name: "json",
    unit: "us",
    measures: "CPU a request",
    bar: 1.5,
    reference: "node:http",
    subjects: Object.keys(jsonServers).map((name) =>
      serverSubject(name, { ...cpu, start: nodeServer(here("json-servers.ts"), name), expect: '"price":4500' }),
    ),
  },
  {
    name: "page",
    unit: "us",
    measures: "CPU a request",
    bar: 0.67,
    reference: "fastify + node:sqlite + eta",
    subjects: [
      ...Object.keys(pageServers).map((name) =>
        serverSubject(name, { ...cpu, start: nodeServer(here("page-servers.ts"), name), expect: "<td>Coffee &lt;99&gt;</td>" }),
      ),
      djangoPage,
    ],
  },
];

import { join } from "node:path";
import type { Case } from "../measure.ts";
import { djangoPage } from "./django-subject.ts";
import { serverSubject } from "./server-subject.ts";
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
      serverSubject(name, { ...cpu, file: here("json-servers.ts"), expect: '"price":4500' }),
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
        serverSubject(name, { ...cpu, file: here("page-servers.ts"), expect: "<td>Coffee &lt;99&gt;</td>" }),
      ),
      djangoPage,
    ],
  },
];

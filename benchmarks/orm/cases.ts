import type { Case, Subject } from "../measure.ts";
import { type Place, postgresPlace, sqlitePlace } from "./place.ts";
import { cortado } from "./subjects/cortado.ts";
import { postgresDriver, sqliteDriver } from "./subjects/driver.ts";
import { drizzle, drizzlePrepared } from "./subjects/drizzle.ts";
import { kysely } from "./subjects/kysely.ts";
import { mikroOrm } from "./subjects/mikro-orm.ts";
import { prisma } from "./subjects/prisma.ts";
import type { OrmSubject, Turns } from "./subjects/subject.ts";

const orms = [drizzlePrepared, drizzle, kysely, mikroOrm, prisma];

interface Operation {
  name: string;
  bar: number;
  /** Undefined: the best of the ORMs, not the driver. */
  reference: "driver" | "best peer";
  turn(turns: Turns): ((i: number) => unknown) | undefined;
}

const operations: readonly Operation[] = [
  { name: "get-pk", bar: 1.5, reference: "driver", turn: ({ getPk }) => getPk && ((i) => getPk(1 + (i % 1000))) },
  { name: "list-1000", bar: 1.15, reference: "driver", turn: ({ list }) => list },
  {
    name: "insert-one",
    bar: 1.3,
    reference: "driver",
    turn: ({ insert }) => insert && ((i) => insert({ name: "Latte", price: i, isIce: true, origin: "KR" })),
  },
  { name: "relations", bar: 1, reference: "best peer", turn: ({ relations }) => relations },
];

/** One turn after the other; a synchronous subject does not pay for promises. */
async function repeat(turn: (i: number) => unknown, n: number): Promise<void> {
  for (let i = 0; i < n; i++) {
    const given = turn(i);
    if (given instanceof Promise) await given;
  }
}

function subjectOf(orm: OrmSubject, { name, turn }: Operation, place: () => Promise<Place> | Place): Subject {
  return {
    name: orm.name,
    async open() {
      const turns = await orm.open(await place());
      const one = turn(turns);
      if (one === undefined) throw new Error(`it has no ${name}`);
      return { run: (n) => repeat(one, n), close: () => turns.close() };
    },
  };
}

/** A database on the server that the run has started. */
function onPostgres(): Promise<Place> {
  return postgresPlace(process.env["CORTADO_BENCH_POSTGRES"]!);
}

function casesOn(dialect: Place["dialect"], driver: OrmSubject, place: () => Promise<Place> | Place): Case[] {
  return operations.map((operation) => ({
    name: dialect === "sqlite" ? operation.name : `${operation.name}-postgres`,
    unit: "us",
    clock: dialect === "sqlite" ? "cpu" : "wall",
    bar: operation.bar,
    reference: operation.reference === "driver" ? driver.name : orms.map((orm) => orm.name),
    subjects: [cortado, driver, ...orms].map((orm) => subjectOf(orm, operation, place)),
  }));
}

export const cases: readonly Case[] = [
  ...casesOn("sqlite", sqliteDriver, sqlitePlace),
  ...casesOn("postgres", postgresDriver, onPostgres),
];

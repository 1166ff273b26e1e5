import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { peer } from "../../peers.ts";
import type { Place } from "../place.ts";
import type { OrmSubject } from "./subject.ts";

const peersFolder = join(import.meta.dirname, "../../peers");

const schema = (provider: string) => `generator client {
  provider = "prisma-client"
  output = "./generated"
  runtime = "nodejs"
  importFileExtension = "ts"
}
datasource db {
  provider = "${provider}"
}
model Coffee {
  id     Int     @id @default(autoincrement())
  name   String
  price  Int
  isIce  Boolean @map("is_ice")
  origin String?
  @@map("bench_coffee")
}
model Customer {
  id      Int     @id @default(autoincrement())
  name    String
  country String
  orders  Order[]
  @@map("bench_customer")
}
model Order {
  id         Int      @id @default(autoincrement())
  reference  String
  total      Int
  customer   Customer @relation(fields: [customerId], references: [id])
  customerId Int      @map("customer_id")
  lines      Line[]
  @@map("bench_order")
}
model Line {
  id       Int    @id @default(autoincrement())
  sku      String
  quantity Int
  order    Order  @relation(fields: [orderId], references: [id])
  orderId  Int    @map("order_id")
  @@map("bench_line")
}
`;

/**
 * Writes the client once. The generator asks for an engine that only migrations need and that is downloaded; any program
 * stands in for it.
 */
function generated(provider: "sqlite" | "postgresql"): string {
  const folder = join(import.meta.dirname, "../../var/prisma", provider);
  const client = join(folder, "generated/client.ts");
  if (existsSync(client)) return client;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "schema.prisma"), schema(provider));
  writeFileSync(join(folder, "prisma.config.ts"), 'export default { schema: "schema.prisma" };');
  if (!existsSync(join(folder, "node_modules"))) symlinkSync(join(peersFolder, "node_modules"), join(folder, "node_modules"));
  const result = spawnSync(process.execPath, [peer.resolve("prisma/build/index.js"), "generate"], {
    cwd: folder,
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: "/bin/true", CHECKPOINT_DISABLE: "1" },
    encoding: "utf8",
  });
  if (!existsSync(client)) throw new Error(`its client was not generated: ${result.stderr}`);
  return client;
}

function adapterOf(place: Place) {
  if (place.dialect === "postgres") return new (peer("@prisma/adapter-pg").PrismaPg)({ connectionString: place.url });
  return new (peer("@prisma/adapter-better-sqlite3").PrismaBetterSqlite3)({ url: `file:${place.file}` });
}

/** Its adapter opens the file itself; its journal is the file's, the rest are its own settings. */
export const prisma: OrmSubject = {
  name: "prisma",
  async open(place) {
    const { PrismaClient } = await import(generated(place.dialect === "sqlite" ? "sqlite" : "postgresql"));
    const client = new PrismaClient({ adapter: adapterOf(place) });
    return {
      getPk: (id) => client.coffee.findUnique({ where: { id } }).then(),
      list: () => client.coffee.findMany({ orderBy: { id: "asc" } }).then(),
      insert: (data) => client.coffee.create({ data }).then(),
      relations: () => client.order.findMany({ include: { customer: true, lines: true } }).then(),
      close: () => client.$disconnect(),
    };
  },
};

import assert from "node:assert/strict";
import { test } from "node:test";
import { defineApp } from "#kernel";
import {
  char,
  checkModels,
  clearModels,
  compositePrimaryKey,
  foreignKey,
  genericForeignKey,
  integer,
  manager,
  manyToMany,
  Model,
  registerModels,
} from "cortado/orm";
import * as sound from "./relation-models.ts";

async function inspect(models: Readonly<Record<string, unknown>>) {
  const app = defineApp({ name: "cafe", models });
  clearModels();
  registerModels(app);
  return checkModels({ apps: [app] } as never);
}

test("sound relations are found sound", async () => assert.deepEqual(await inspect(sound), []));

test("relations that cannot work are found before the app starts", async () => {
  class Side extends Model({ name: char({ maxLength: 5 }) }) {
    static objects = manager(this);
  }
  class Keyed extends Model({ pk: compositePrimaryKey("a", "b"), a: integer(), b: integer() }) {
    static objects = manager(this);
  }
  class ToKeyed extends Model({ keyed: () => foreignKey(Keyed, { onDelete: "cascade" }) }) {
    static objects = manager(this);
  }
  class Middle extends Model({
    one: () => foreignKey(Side, { onDelete: "cascade", relatedName: "+" }),
    two: () => foreignKey(Side, { onDelete: "cascade", relatedName: "+" }),
    owner: () => foreignKey(Owner, { onDelete: "cascade", relatedName: "+" }),
  }) {
    static objects = manager(this);
  }
  class Empty extends Model({ name: char({ maxLength: 5 }) }) {
    static objects = manager(this);
  }
  class Owner extends Model({
    unclear: () => manyToMany(Side, { through: () => Middle, relatedName: "+" }),
    lost: () => manyToMany(Side, { through: () => Empty, relatedName: "+" }),
    later: () => foreignKey(Side, { onDelete: "dbSetDefault", null: true, relatedName: "+" }),
  }) {
    static objects = manager(this);
  }
  class Remark extends Model({ on: () => genericForeignKey("kind", "key"), kind: char({ maxLength: 9 }) }) {
    static objects = manager(this);
  }
  const found = await inspect({ Side, Keyed, ToKeyed, Middle, Empty, Owner, Remark });
  assert.deepEqual(found.map(({ code, object }) => `${code} ${object}`).toSorted(), [
    "ORM_CHECK_SET_DEFAULT cafe.Owner.later",
    "ORM_CHECK_THROUGH cafe.Owner.lost",
    "ORM_CHECK_THROUGH cafe.Owner.unclear",
    "ORM_COMPOSITE_TARGET cafe.ToKeyed",
    "ORM_UNKNOWN_FIELD cafe.Remark",
  ]);
  assert.match(found.find(({ object }) => object === "cafe.Owner.unclear")!.hint!, /throughFields/);
});

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { Signal } from "#kernel";
import {
  char,
  classPrepared,
  clearModels,
  type Database,
  extend,
  foreignKey,
  integer,
  m2mChanged,
  manager,
  manyToMany,
  Model,
  postDelete,
  postInit,
  postSave,
  preDelete,
  preInit,
  preSave,
  proxy,
  registerModels,
  transaction,
} from "cortado/orm";
import { defineApp } from "#kernel";
import { openModels, targets } from "./open-cafe.ts";

class Label extends Model({ text: char({ maxLength: 20 }) }) {
  static objects = manager(this);
}
class Cake extends Model({
  name: char({ maxLength: 20 }),
  price: integer({ default: 0 }),
  labels: () => manyToMany(Label, { relatedName: "cakes" }),
}) {
  static objects = manager(this);
}
class Tart extends extend(Cake, { fruit: char({ maxLength: 20, default: "" }) }) {
  static objects = manager(this);
}
class CheapCake extends proxy(Cake) {
  static objects = manager(this);
}
class Slice extends Model({ cake: () => foreignKey(Cake, { onDelete: "cascade" }) }) {
  static objects = manager(this);
}

const models = { Label, Cake, Tart, CheapCake, Slice };

describe("a signal", () => {
  test("calls who is connected, one after the other, and waits for each", async () => {
    const rung = new Signal<{ times: number }>();
    const heard: string[] = [];
    rung.connect(async ({ times, sender }) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      heard.push(`first ${times} ${String(sender)}`);
      return 1;
    });
    const second = () => void heard.push("second");
    rung.connect(second);
    const answers = await rung.send("bell", { times: 3 });
    assert.deepEqual(heard, ["first 3 bell", "second"]);
    assert.deepEqual(
      answers.map(({ value }) => value),
      [1, undefined],
    );
    assert.equal(rung.disconnect(second), true);
    assert.equal(rung.disconnect(second), false);
  });

  test("connects a receiver once for each sender, or once under an id", async () => {
    const rung = new Signal();
    let count = 0;
    const receiver = () => void count++;
    rung.connect(receiver);
    rung.connect(receiver);
    await rung.send("bell", {});
    assert.equal(count, 1);
    const stop = rung.connect(() => void count++, { id: "counter" });
    rung.connect(() => void count++, { id: "counter" });
    rung.connect(receiver, { sender: "other" });
    await rung.send("bell", {});
    assert.equal(count, 3);
    stop();
    await rung.send("bell", {});
    assert.equal(count, 4);
  });

  test("send passes an error on, sendRobust collects it", async () => {
    const rung = new Signal();
    const failure = new Error("broken");
    rung.connect(async () => {
      throw failure;
    });
    rung.connect(() => "fine");
    await assert.rejects(rung.send("bell", {}), failure);
    assert.deepEqual(
      (await rung.sendRobust("bell", {})).map(({ value, error }) => error ?? value),
      [failure, "fine"],
    );
  });
});

for (const { name, url, skip } of targets) {
  describe(`model signals on ${name}`, { skip }, () => {
    let db: Database;
    let stops: (() => void)[] = [];
    const log: string[] = [];
    const listen = (stop: () => void) => void stops.push(stop);
    before(async () => {
      db = await openModels(url!, models);
    });
    after(() => db?.close());
    beforeEach(async () => {
      for (const model of [Slice, Tart, Cake, Label]) await (model.objects as unknown as typeof Cake.objects).all().delete();
      log.length = 0;
    });
    afterEach(() => {
      for (const stop of stops) stop();
      stops = [];
    });

    test("preSave and postSave tell of a save, and preSave may change the row", async () => {
      listen(preSave.connect(({ instance }) => void (instance.name = instance.name.trim()), { sender: Cake }));
      listen(
        postSave.connect(({ sender, instance, created, only, raw, using }) => {
          log.push(`${sender.meta.label} ${instance.name} ${created} ${only} ${raw} ${using}`);
        }),
      );
      const cake = await Cake.objects.create({ name: " Linzer " });
      await cake.save({ only: ["price"] });
      await Label.objects.create({ text: "hot" });
      assert.deepEqual(log, [
        "Cake Linzer true undefined false default",
        "Cake Linzer false price false default",
        "Label undefined true undefined false default",
      ]);
    });

    test("receivers are awaited, and what they throw refuses the row", async () => {
      listen(
        preSave.connect(
          async ({ instance }) => {
            if ((await Cake.objects.filter({ name: instance.name }).count()) > 0) throw new Error("one of each");
          },
          { sender: "cafe.Cake" },
        ),
      );
      await Cake.objects.create({ name: "Linzer" });
      await assert.rejects(Cake.objects.create({ name: "Linzer" }), /one of each/);
      assert.equal(await Cake.objects.count(), 1);
      listen(
        postSave.connect(() => {
          throw new Error("too late");
        }),
      );
      await assert.rejects(
        transaction(() => Cake.objects.create({ name: "Sacher" })),
        /too late/,
      );
      assert.equal(await Cake.objects.count(), 1);
    });

    test("a child and a proxy send as themselves", async () => {
      listen(postSave.connect(({ sender }) => void log.push(sender.name)));
      await Tart.objects.create({ name: "Apple" });
      await CheapCake.objects.create({ name: "Plain" });
      assert.deepEqual(log, ["Tart", "CheapCake"]);
    });

    test("preDelete and postDelete tell of every row that goes", async () => {
      listen(preDelete.connect(({ sender, instance }) => void log.push(`pre ${sender.name} ${instance.pk !== null}`)));
      listen(postDelete.connect(({ sender }) => void log.push(`post ${sender.name}`)));
      const cake = await Cake.objects.create({ name: "Linzer" });
      await Slice.objects.create({ cake });
      await cake.delete();
      assert.deepEqual(log, ["pre Slice true", "pre Cake true", "post Slice", "post Cake"]);
      log.length = 0;
      await Label.objects.create({ text: "hot" });
      await Label.objects.filter({ text: "hot" }).delete();
      assert.deepEqual(log, ["pre Label true", "post Label"]);
    });

    test("m2mChanged tells what is added, removed and cleared, from both sides", async () => {
      const through = Cake.meta.field("labels").relation!.through!;
      listen(
        m2mChanged.connect(
          ({ action, reverse, model, keys }) => void log.push(`${action} ${reverse} ${model.name} ${keys?.size ?? "all"}`),
          { sender: through },
        ),
      );
      const cake = await Cake.objects.create({ name: "Linzer" });
      const [hot, sweet] = await Label.objects.bulkCreate([{ text: "hot" }, { text: "sweet" }]);
      await cake.labels.add(hot!, sweet!);
      await cake.labels.remove(hot!);
      await cake.labels.clear();
      await (sweet as any).cakes.add(cake);
      assert.deepEqual(log, [
        "preAdd false Label 2",
        "postAdd false Label 2",
        "preRemove false Label 1",
        "postRemove false Label 1",
        "preClear false Label all",
        "postClear false Label all",
        "preAdd true Cake 1",
        "postAdd true Cake 1",
      ]);
    });

    test("preInit and postInit tell of every instance", async () => {
      await Cake.objects.bulkCreate([{ name: "A" }, { name: "B" }]);
      listen(preInit.connect(({ sender, values }) => void log.push(`pre ${sender.name} ${values?.["name"] ?? "read"}`)));
      listen(postInit.connect(({ instance }) => void log.push(`post ${instance.name}`)));
      await Cake.objects.orderBy("name");
      new Cake({ name: "C" });
      assert.deepEqual(log, ["pre Cake read", "post A", "pre Cake read", "post B", "pre Cake C", "post C"]);
    });

    test("bulk methods tell of each row where they are asked to", async () => {
      listen(postSave.connect(({ instance, created }) => void log.push(`${instance.name} ${created}`)));
      const rows = await Cake.objects.bulkCreate([{ name: "A" }, { name: "B" }]);
      assert.deepEqual(log, []);
      await Cake.objects.bulkCreate([{ name: "C" }], { hooks: true });
      await Cake.objects.bulkUpdate(rows, ["name"], { hooks: true });
      assert.deepEqual(log, ["C true", "A false", "B false"]);
    });
  });
}

test("classPrepared tells of each model that is registered", () => {
  const seen: string[] = [];
  const stop = classPrepared.connect(({ sender }) => void seen.push(sender.meta.key));
  clearModels();
  registerModels(defineApp({ name: "bakery", models: { Label, Cake } }));
  stop();
  assert.deepEqual(seen, ["bakery.Label", "bakery.Cake"]);
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { test } from "node:test";
import {
  bigInteger,
  boolean,
  char,
  check,
  dateTime,
  decimal,
  type Field,
  foreignKey,
  getModel,
  index,
  integer,
  manyToMany,
  registerModels,
  registerSwappable,
  text,
  unique,
  uuid,
} from "cortado/orm";
import type { MakeMigrationsOptions, Question } from "cortado/orm/migrations";
import { Decimal } from "cortado/validation";
import { type Declared, ProjectFolder } from "./project-folder.ts";

type Fields = Record<string, Field>;
const coffee = (fields: Fields, others: Declared = {}): Record<string, Declared> => ({ shop: { Coffee: fields, ...others } });

/** A project whose migrations say what `before` says. */
async function projectWith(before: Record<string, Declared>): Promise<ProjectFolder> {
  const project = await ProjectFolder.make();
  await project.declare(before).make();
  return project;
}

/** What is found when the models change from one declaration to another. */
async function difference(
  before: Record<string, Declared>,
  after: Record<string, Declared>,
  options: MakeMigrationsOptions = {},
): Promise<string[]> {
  await using project = await projectWith(before);
  return await project.declare(after).found(options);
}

test("a first migration is written as a formatted file that imports what it uses", async () => {
  await using project = await projectWith({
    shop: {
      Roaster: { name: char({ maxLength: 80 }) },
      Coffee: [
        {
          name: char({ default: "", maxLength: 30 }),
          price: decimal({ maxDigits: 6, decimalPlaces: 2, default: new Decimal("1.50") }),
          sold: bigInteger({ default: 10n }),
          since: dateTime({ default: new Date(Date.UTC(2026, 0, 2)) }),
          roaster: foreignKey("shop.Roaster", { onDelete: "protect", null: true, relatedName: "coffees" }),
          description: char({
            maxLength: 500,
            default: 'A description that is so long that the line is broken, quotes "and all"',
          }),
        },
        {
          ordering: ["-price"],
          constraints: [check("price_positive", "price > 0"), unique(["name", "roaster"])],
          indexes: [index(["roaster", "-price"])],
        },
      ],
    },
  });
  assert.deepEqual(await project.files("shop"), ["0001_initial.ts"]);
  const source = await project.read("shop", "0001_initial");
  assert.equal(
    source,
    `import {
  auto,
  bigInteger,
  char,
  check,
  dateTime,
  decimal,
  foreignKey,
  index,
  unique,
} from "cortado/orm";
import { createModel, migration } from "cortado/orm/migrations";
import { Decimal } from "cortado/validation";

export default migration({
  dependencies: [],
  operations: [
    createModel({
      name: "Roaster",
      fields: {
        id: auto({ primaryKey: true }),
        name: char({ maxLength: 80 }),
      },
    }),
    createModel({
      name: "Coffee",
      fields: {
        id: auto({ primaryKey: true }),
        name: char({ maxLength: 30, default: "" }),
        price: decimal({ maxDigits: 6, decimalPlaces: 2, default: new Decimal("1.5") }),
        sold: bigInteger({ default: 10n }),
        since: dateTime({ default: new Date("2026-01-02T00:00:00.000Z") }),
        roaster: foreignKey("shop.Roaster", {
          onDelete: "protect",
          null: true,
          relatedName: "coffees",
        }),
        description: char({
          maxLength: 500,
          default: 'A description that is so long that the line is broken, quotes "and all"',
        }),
      },
      options: {
        ordering: ["-price"],
        indexes: [index(["roaster", "-price"])],
        constraints: [check("price_positive", "price > 0"), unique(["name", "roaster"])],
      },
    }),
  ],
});
`,
  );
  await writeFile(join(project.folder, ".oxfmtrc.json"), '{ "printWidth": 100 }');
  const oxfmt = resolve(import.meta.dirname, "../../node_modules/.bin/oxfmt");
  assert.equal(
    spawnSync(oxfmt, ["--check", "shop/migrations"], { cwd: project.folder }).status,
    0,
    "the formatter has nothing to change",
  );
  assert.deepEqual(await project.found(), [], "what was written says what the models say");
});

test("added, removed and altered fields, indexes, constraints and options are found and named", async () => {
  const before = coffee({ name: char({ maxLength: 30 }), old: text({ default: "" }) });
  const after = {
    shop: {
      Coffee: [
        { name: char({ maxLength: 60 }), price: integer({ default: 0 }) },
        { ordering: ["name"], indexes: [index(["price"])], constraints: [unique(["name", "price"])] },
      ] as const,
      Tag: { word: char({ maxLength: 9 }) },
    },
  };
  const name = "shop.0002_tag_alter_coffee_options_remove_coffee_old_and_more";
  assert.deepEqual(await difference(before, after), [
    `${name}: + Create model Tag`,
    `${name}: ~ Change options of Coffee`,
    `${name}: - Remove field old from Coffee`,
    `${name}: + Add field price to Coffee`,
    `${name}: ~ Alter field name on Coffee`,
    `${name}: + Create index price on Coffee`,
    `${name}: + Create constraint name_price on Coffee`,
  ]);
  assert.deepEqual(
    (await difference(after, { shop: { Coffee: { name: char({ maxLength: 60 }), price: integer({ default: 0 }) } } })).map(
      (line) => line.replace(/^.*: /, ""),
    ),
    [
      "- Delete model Tag",
      "~ Change options of Coffee",
      "- Remove index price from Coffee",
      "- Remove constraint name_price from Coffee",
    ],
  );
});

test("what the database does not know of is no change: labels, choices, validators, default functions", async () => {
  const before = coffee({ name: char({ maxLength: 30 }), code: uuid({ default: () => "a" }) });
  const after = coffee({
    name: char({ maxLength: 30, verboseName: "title", helpText: "x", choices: { a: "A" }, validators: [() => {}] }),
    code: uuid({ default: () => "b" }),
  });
  assert.deepEqual(await difference(before, after), []);
});

test("a rename is asked for, and the question carries the flag that answers it", async () => {
  const questions: Question[] = [];
  const ask = (answer: boolean) => async (question: Question) => (questions.push(question), answer);
  const [before, after] = [
    coffee({ name: char({ maxLength: 30, default: "" }) }),
    coffee({ title: char({ maxLength: 30, default: "" }) }),
  ];
  assert.deepEqual(await difference(before, after, { ask: ask(true) }), [
    "shop.0002_rename_name_coffee_title: ~ Rename field name on Coffee to title",
  ]);
  assert.deepEqual(questions, [
    { kind: "renameField", from: "shop.Coffee.name", to: "title", flag: "--rename shop.Coffee.name=title" },
  ]);
  const both = [
    "shop.0002_remove_coffee_name_coffee_title: - Remove field name from Coffee",
    "shop.0002_remove_coffee_name_coffee_title: + Add field title to Coffee",
  ];
  assert.deepEqual(await difference(before, after, { ask: ask(false) }), both);
  assert.deepEqual(await difference(before, after, { rename: false }), both);
  assert.deepEqual(await difference(before, after, { rename: ["shop.Coffee.name=title"] }), [
    "shop.0002_rename_name_coffee_title: ~ Rename field name on Coffee to title",
  ]);
});

test("a rename that nobody can be asked about is refused with the flag that answers", async () => {
  const [before, after] = [coffee({ name: char({ maxLength: 30 }) }), coffee({ title: char({ maxLength: 30 }) })];
  await assert.rejects(difference(before, after), {
    code: "MIGRATIONS_RENAME_UNANSWERED",
    message: "Was the field shop.Coffee.name renamed to title? There is no terminal to ask on, and a wrong guess loses data.",
    hint: "Answer with --rename shop.Coffee.name=title if it was, or with --no-rename if it was not.",
  });
  await assert.rejects(difference(before, after, { rename: ["shop.Coffee.nam=title"], ask: async () => true }), {
    code: "MIGRATIONS_BAD_RENAME",
    message: "--rename shop.Coffee.nam=title answers no question. The possible ones are: shop.Coffee.name=title.",
    hint: 'Did you mean "shop.Coffee.name=title"?',
  });
  await assert.rejects(
    difference({ shop: { Cafe: { name: char({ maxLength: 3 }) } } }, { shop: { Bar: { name: char({ maxLength: 3 }) } } }),
    {
      message: "Was the model shop.Cafe renamed to Bar? There is no terminal to ask on, and a wrong guess loses data.",
    },
  );
});

test("a renamed model takes along the relations to it, and a new name may keep its column", async () => {
  const models = (name: string, field: Fields): Record<string, Declared> => ({
    shop: { [name]: field, Order: { coffee: foreignKey(`shop.${name}`, { onDelete: "cascade" }) } },
  });
  const name = { name: char({ maxLength: 3 }) };
  assert.deepEqual(
    await difference(models("Cafe", name), models("Bar", { name: char({ maxLength: 3 }) }), { rename: ["shop.Cafe=Bar"] }),
    ["shop.0002_rename_cafe_bar: ~ Rename model Cafe to Bar"],
  );
  const kept = { title: char({ maxLength: 3, dbColumn: "name" }) };
  assert.deepEqual(await difference(models("Cafe", name), models("Cafe", kept), { rename: ["shop.Cafe.name=title"] }), [
    "shop.0002_alter_cafe_name_rename_name_cafe_title: ~ Alter field name on Cafe",
    "shop.0002_alter_cafe_name_rename_name_cafe_title: ~ Rename field name on Cafe to title",
  ]);
});

test("a required field without a default asks for a value, which is read by the field", async () => {
  const [before, after] = [coffee({}), coffee({ size: integer() })];
  await assert.rejects(difference(before, after), {
    code: "MIGRATIONS_FILL_UNANSWERED",
    message: "shop.Coffee.size is new and has no default: rows that exist need a value for it.",
    hint: "Give one with --default shop.Coffee.size=VALUE, or declare the field with a default or `null: true`.",
  });
  await assert.rejects(
    difference(before, after, { defaults: ["shop.Coffee.size=big"] }),
    (error: Error & { code: string; hint: string }) => {
      assert.equal(error.code, "MIGRATIONS_BAD_FILL");
      assert.match(error.message, /^"big" cannot fill shop\.Coffee\.size: .*integer/);
      assert.equal(error.hint, "Give another value: --default shop.Coffee.size=VALUE");
      return true;
    },
  );
  await assert.rejects(difference(before, after, { defaults: ["shop.Coffee.size=1", "shop.Coffee.sise=2"] }), {
    code: "MIGRATIONS_UNUSED_FILL",
    message: "--default shop.Coffee.sise=… answers no question. Fields that need a value: shop.Coffee.size.",
    hint: 'Did you mean "shop.Coffee.size"?',
  });
  await using project = await projectWith(before);
  const [written] = await project.declare(after).make({ ask: async ({ kind }) => (kind === "fill" ? "12" : undefined) });
  assert.match(written!.source, /addField\(\{ model: "Coffee", name: "size", field: integer\(\), fill: 12 \}\)/);
});

test("a function's default is called once for existing rows, and times and empty texts need no answer", async () => {
  const fields = {
    tag: char({ maxLength: 9, default: () => "new" }),
    made: dateTime({ autoNowAdd: true }),
    note: text({ blank: true }),
    on: boolean({ default: false }),
  };
  await using project = await projectWith(coffee({}));
  const [written] = await project.declare(coffee(fields)).make();
  assert.match(written!.source, /field: char\(\{ maxLength: 9 \}\), fill: "new" \}/);
  assert.match(written!.source, /field: text\(\), fill: "" \}/);
  assert.match(written!.source, /field: dateTime\(\{ autoNowAdd: true \}\) \}/);
});

test("operations that lose data say so in the file and in the result", async () => {
  await using project = await projectWith(coffee({ name: char({ maxLength: 30 }) }));
  const [written] = await project.declare(coffee({})).make();
  assert.deepEqual(
    written!.risks.map(({ kind, message }) => `${kind}: ${message}`),
    [
      "losesData: deletes every value of shop.Coffee.name",
      "breaksRunningCode: takes the column shop.Coffee.name away from code that still reads it",
    ],
  );
  assert.match(written!.source, / {4}\/\/ Loses data: deletes every value of shop\.Coffee\.name\.\n {4}removeField\(/);
});

test("a many-to-many field that leads elsewhere, or becomes a column, is removed and added", async () => {
  const tags = { Tag: { word: char({ maxLength: 9 }) }, Label: { word: char({ maxLength: 9 }) } };
  const lines = await difference(
    coffee({ tags: manyToMany("shop.Tag") }, tags),
    coffee({ tags: manyToMany("shop.Label") }, tags),
  );
  assert.deepEqual(
    lines.map((line) => line.replace(/^.*: /, "")),
    ["- Remove field tags from Coffee", "+ Add field tags to Coffee"],
  );
});

test("apps that refer to one another get as few migrations as that allows, with their dependencies", async () => {
  await using project = await ProjectFolder.make();
  const made = await project
    .declare({
      a: { One: { two: foreignKey("b.Two", { onDelete: "cascade" }) } },
      b: { Two: { one: foreignKey("a.One", { onDelete: "cascade", null: true }) } },
      c: { Three: { one: foreignKey("a.One", { onDelete: "cascade" }) } },
    })
    .make();
  assert.deepEqual(made.map(({ app, name, operations }) => `${app}.${name}: ${operations.join(", ")}`).sort(), [
    "a.0001_initial: + Create model One",
    "a.0002_one_two: + Add field two to One",
    "b.0001_initial: + Create model Two",
    "c.0001_initial: + Create model Three",
  ]);
  assert.match(
    await project.read("a", "0002_one_two"),
    /dependencies: \[\n {4}\["a", "0001_initial"\],\n {4}\["b", "0001_initial"\],\n {2}\],/,
  );
  assert.deepEqual(await project.found(), []);
});

test("a reference to the user model is written as @user, and an app may refer to one whose migrations refer back", async () => {
  await using project = await ProjectFolder.make();
  const groups: Declared = { Group: { name: char({ maxLength: 9 }) } };
  const users: Declared = { User: { name: char({ maxLength: 9 }), groups: manyToMany("auth.Group") } };
  project.declare({ auth: groups, people: users });
  await project.write(
    "auth",
    "0001_initial",
    '{ operations: [m.createModel({ name: "Group", fields: { id: orm.auto({ primaryKey: true }), name: orm.char({ maxLength: 9 }) } })] }',
  );
  await project.write(
    "auth",
    "0002_token",
    `{ dependencies: [["auth", "0001_initial"], ["@user", "__first__"]], operations: [m.createModel({ name: "Token", fields: {
      id: orm.auto({ primaryKey: true }), user: orm.foreignKey("@user", { onDelete: "cascade" }) } })] }`,
  );
  const all = { auth: { ...groups, Token: { user: foreignKey("@user", { onDelete: "cascade" }) } }, people: users };
  project.declare(all);
  project.apps.forEach(registerModels);
  registerSwappable("@user", getModel("people.User"));
  await project.write("people", "0000_stand_in", "{ operations: [] }");
  const [written] = await project.make();
  assert.match(written!.source, /\["people", "0000_stand_in"\],\n {4}\["auth", "0001_initial"\]/);
  assert.deepEqual(await project.found(), []);
});

test("check and dry-run write nothing; name and empty make the file that was asked for", async () => {
  await using project = await projectWith(coffee({}));
  project.declare(coffee({ price: integer({ default: 0 }) }));
  await project.make({ check: true });
  await project.make({ dryRun: true });
  assert.deepEqual(await project.files("shop"), ["0001_initial.ts"]);
  await project.make({ name: "price" });
  await project.make({ empty: true, app: "shop", name: "fill_prices" });
  assert.deepEqual(await project.files("shop"), ["0001_initial.ts", "0002_price.ts", "0003_fill_prices.ts"]);
  await assert.rejects(project.make({ name: "no way" }), {
    code: "MIGRATIONS_BAD_NAME",
    message: '"no way" cannot name a migration. A name is made of letters, digits and underscores.',
    hint: "The number is put before it: --name coffee_price",
  });
  await assert.rejects(project.make({ empty: true }), {
    code: "MIGRATIONS_NEEDS_APP",
    message: "--empty is about one app, and none was named.",
    hint: "Name it: cortado makemigrations shop --empty",
  });
  await assert.rejects(project.make({ rebase: "0002" }), {
    message: "--rebase MIGRATION is about one app, and none was named.",
    hint: "Name it: cortado makemigrations shop --rebase MIGRATION",
  });
});

test("an app that says no directory is told what to write", async () => {
  await using project = await ProjectFolder.make();
  project.declare(coffee({}));
  project.apps = project.apps.map(({ directory: _left, ...app }) => app);
  await assert.rejects(project.make(), {
    code: "MIGRATIONS_NO_DIRECTORY",
    message: "The app shop says no directory, so its migrations have nowhere to be written.",
    hint: "Write `directory: import.meta.dirname` in its defineApp.",
  });
});

// What the types of fields say: compiled by `tsc`, never run.
import {
  bigInteger,
  char,
  decimal,
  duration,
  type FieldFile,
  file,
  generated,
  genericIPAddress,
  integer,
  integerChoices,
  json,
  manager,
  Model,
  positiveBigInteger,
  smallAuto,
  textChoices,
  binary,
} from "cortado/orm";
import type { Decimal, Temporal } from "cortado/validation";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <_T extends true>(): void => undefined;

const Country = textChoices({ KOREA: ["KR", "Korea"], ETHIOPIA: "ET" });
const Level = integerChoices({ LOW: 1, HIGH: [2, "Very high"] });

class Coffee extends Model({
  id: smallAuto(),
  country: char({ maxLength: 2, choices: Country }),
  level: integer({ choices: Level, default: Level.LOW }),
  grouped: char({ choices: { Asia: { KR: "Korea" }, Africa: { ET: "Ethiopia" } }, null: true }),
  pairs: char({ choices: [["a", "A"], ["Group", [["b", "B"]]]], blank: true }), // oxfmt-ignore
  called: char({ choices: () => ({ x: "X", y: "Y" }) as const, default: "x" }),
  open: decimal(),
  brewing: duration({ null: true }),
  address: genericIPAddress({ blank: true }),
  stock: positiveBigInteger({ dbDefault: 0n }),
  big: bigInteger({ default: 0n }),
  digest: binary({ default: () => new Uint8Array() }),
  total: generated({ expression: (c) => c.level.mul(2), output: integer() }),
  recipe: file({ uploadTo: (row, name) => `${String(row.pk)}/${name satisfies string}` }),
  photo: file({ blank: true }),
  data: json<{ id: bigint }>({ null: true, decoder: (_key, value) => value }),
}) {
  static objects = manager(this);
}

declare const coffee: Coffee;
is<Equal<typeof coffee.country, "KR" | "ET">>();
is<Equal<typeof coffee.level, 1 | 2>>();
is<Equal<typeof coffee.grouped, "KR" | "ET" | null>>();
is<Equal<typeof coffee.pairs, "a" | "b" | "">>();
is<Equal<typeof coffee.called, "x" | "y">>();
is<Equal<typeof coffee.open, Decimal>>();
is<Equal<typeof coffee.brewing, Temporal.Duration | null>>();
is<Equal<typeof coffee.address, string>>();
is<Equal<typeof coffee.stock, bigint>>();
is<Equal<typeof coffee.digest, Uint8Array>>();
is<Equal<typeof coffee.total, number>>();
is<Equal<typeof coffee.recipe, FieldFile>>();
is<Equal<typeof coffee.photo, FieldFile | null>>();
is<Equal<typeof coffee.data, { id: bigint } | null>>();
is<Equal<typeof Country.KOREA, "KR">>();
is<Equal<(typeof Level.names)[number], "LOW" | "HIGH">>();

declare const recipe: FieldFile;
declare const open: Decimal;

void Coffee.objects.create({ country: Country.KOREA, open, recipe });
// @ts-expect-error a file without null and blank is required
void Coffee.objects.create({ country: "KR", open });
// @ts-expect-error "XX" is no country
void Coffee.objects.create({ country: "XX", open, recipe });
// @ts-expect-error a bigint is no number
void Coffee.objects.create({ country: "KR", open, recipe, stock: 1 });
// @ts-expect-error there is no such field
coffee.getDisplay("nothing");
coffee.getDisplay("country") satisfies string;
void (coffee.getNextBy("brewing") satisfies Promise<Coffee>);
// @ts-expect-error a generated column has a field for its values
generated({ expression: (c) => c.level });

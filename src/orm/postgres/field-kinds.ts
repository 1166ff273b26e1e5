import type { Field } from "../fields/field.ts";
import { fieldOf, registerFieldKind } from "../migrations/state/field-builders.ts";
import { array } from "./arrays/array-field.ts";
import { citext } from "./citext-field.ts";
import { hstore } from "./hstore/hstore-field.ts";
import { bigIntegerRange, dateRange, dateTimeRange, decimalRange, integerRange } from "./ranges/range-field.ts";
import { tsvector } from "./search/tsvector-field.ts";

// Migrations learn of these kinds when the door is imported: by the models that have such fields, or by their own files.
const builders: Readonly<Record<string, (options: any) => Field>> = {
  array: ({ base, ...options }) => array(fieldOf(base), options),
  integerRange,
  bigIntegerRange,
  decimalRange,
  dateRange,
  dateTimeRange,
  hstore,
  citext,
  tsvector,
};

for (const [kind, builder] of Object.entries(builders)) registerFieldKind(kind, { builder, from: "cortado/orm/postgres" });

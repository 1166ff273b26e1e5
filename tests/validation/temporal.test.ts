import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { Temporal } from "cortado/validation";

test("a console shows what days, times and durations are", () => {
  const values = [Temporal.PlainDate.from("2026-01-31"), Temporal.PlainTime.from("09:30"), Temporal.Duration.from("PT90S")];
  assert.equal(inspect(values[0]), "Temporal.PlainDate 2026-01-31");
  assert.match(inspect({ values }), /Temporal\.PlainTime 09:30:00,\s+Temporal\.Duration PT90S/);
});

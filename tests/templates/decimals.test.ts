import assert from "node:assert/strict";
import { test } from "node:test";
import { placesShown, showWithPlaces } from "cortado/i18n";
import { Engine } from "cortado/templates";
import { Decimal } from "cortado/validation";

test("a price is shown with the places of its field, and remains the number that it is", async () => {
  const price = showWithPlaces(new Decimal("12.50"), 2);
  assert.equal(
    await new Engine().renderString("{{ price }} {{ other }} {{ list }}", { price, other: new Decimal("12.50"), list: [price] }),
    "12.50 12.5 [12.50]",
  );
  assert.deepEqual(price, new Decimal("12.5"));
  assert.deepEqual([String(price), JSON.stringify(price), Object.keys(price)], ["12.5", '"12.5"', Object.keys(new Decimal("1"))]);
  assert.deepEqual([placesShown(price), placesShown(price.times(2)), placesShown({})], [2, undefined, undefined]);
});

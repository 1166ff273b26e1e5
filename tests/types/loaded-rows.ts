/** A row whose relations are loaded is accepted wherever the model's rows are. `npx tsc` is the test: nothing here runs. */
import { rowKey } from "cortado/orm";
import { Coffee, Node, Roaster } from "../orm/cafe-models.ts";

function label(coffee: Coffee): string {
  return coffee.label();
}
function names(coffees: readonly Coffee[]): string[] {
  return coffees.map((coffee) => coffee.name);
}

export async function loaded(node: Node) {
  const [coffee] = await Coffee.objects.with("roaster", "tags");
  const rows = await Coffee.objects.with("roaster").annotate((c) => ({ double: c.price.mul(2) }));
  label(coffee!);
  names(rows);
  rowKey(coffee!);
  const kept: Coffee = coffee!;
  kept.roaster = coffee!.roaster;
  await Coffee.objects.bulkUpdate([coffee!, ...rows], ["price"]);
  await Coffee.objects.contains(coffee!);
  coffee!.equals(kept);
  const [roaster] = await Roaster.objects.with("coffees");
  await Coffee.objects.create({ roaster: roaster! });
  await Coffee.objects.filter({ roaster: roaster! });
  const [child] = await Node.objects.with("parent");
  node.parent = child!;
  await Node.objects.create({ title: "x", parent: child! });
}

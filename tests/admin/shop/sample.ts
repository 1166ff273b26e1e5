import { Coffee, Review, Roaster, Tag, User } from "./models.ts";

/** Rows as a small shop would have them. */
export async function addSample(): Promise<void> {
  const admin = { username: "admin", email: "admin@example.com", password: "a long secret" };
  await User.objects.createSuperuser(admin);
  await User.objects.createUser({ username: "anna", email: "anna@example.com", password: "another secret", isStaff: true });
  const roasters: Roaster[] = [];
  for (const [name, country] of [
    ["Fritz", "KR"],
    ["Anthracite", "KR"],
    ["Momos", "ET"],
  ] as const)
    roasters.push(await Roaster.objects.create({ name, country }));
  const tags = [await Tag.objects.create({ name: "milk" }), await Tag.objects.create({ name: "filter" })];
  const rows = [
    ["Caffè Latte", 4500, false, "in", 0],
    ["Cortado", 4200, false, "in", 0],
    ["Cold Brew", 5000, true, "low", 1],
    ["Yirgacheffe Filter", 6500, false, "in", 2],
    ["Einspänner", 5800, true, "in", 2],
    ["아인슈페너", 5800, true, "in", 2],
    ["Espresso", 3500, false, "out", 1],
    ["Flat White", 4700, false, "in", 0],
    ["Affogato", 6000, true, "low", 0],
  ] as const;
  for (const [name, price, isIce, stock, at] of rows) {
    const coffee = await Coffee.objects.create({ name, price, isIce, stock, roasterId: roasters[at]!.pk } as never);
    await (coffee as any).tags.set([tags[isIce ? 1 : 0]]);
  }
  const latte = await Coffee.objects.get({ name: "Cortado" });
  await Review.objects.create({ coffeeId: latte.pk, words: "The best of the street.", stars: 3 } as never);
}

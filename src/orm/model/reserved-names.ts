/** What every row has; a test holds the list against the rows. */
const ofRows =
  "pk save delete refresh equals fullClean cleanFields validateUnique validateConstraints getDisplay getNextBy getPreviousBy pick toString toJSON valueOf constructor";

/** What models may add to their rows by convention, and what would make a row a promise. */
const byConvention = "clean fromDatabase prototype __proto__ then";

const reserved: ReadonlySet<string> = new Set(`${ofRows} ${byConvention}`.split(" "));

/** Whether a field cannot have this name. */
export function isReservedName(name: string): boolean {
  return reserved.has(name);
}

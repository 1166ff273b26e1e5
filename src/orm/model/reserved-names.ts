/** Names that a field cannot have: each model's own members, and what would make a row a promise. */
export const reservedNames: ReadonlySet<string> = new Set(
  "pk save delete refresh equals fromDatabase fullClean pick toString toJSON valueOf constructor prototype then clean cleanFields validateUnique validateConstraints getDisplay getNextBy getPreviousBy".split(
    " ",
  ),
);

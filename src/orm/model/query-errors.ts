import { CortadoError } from "#kernel";

/** `get()` found no row. Each model has its own: `error instanceof Coffee.DoesNotExist`. */
export class DoesNotExist extends CortadoError {
  constructor(model: string) {
    super("ORM_DOES_NOT_EXIST", `No ${model} matches the query.`, { hint: "first() gives null instead of an error." });
    this.name = "DoesNotExist";
  }
}

/** `get()` found several rows. Each model has its own. */
export class MultipleObjectsReturned extends CortadoError {
  constructor(model: string) {
    super("ORM_MULTIPLE_OBJECTS", `More than one ${model} matches a query that must have one.`, {
      hint: "Filter by a unique field, or use first().",
    });
    this.name = "MultipleObjectsReturned";
  }
}

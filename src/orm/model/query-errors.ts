import { CortadoError } from "#kernel";
import { ormErrors } from "../errors.ts";

/** `get()` found no row. Each model has its own: `error instanceof Coffee.DoesNotExist`. */
export class DoesNotExist extends CortadoError {
  /** A template prints nothing for it. */
  readonly silentVariableFailure = true;
  constructor(model: string) {
    const { code, message, hint } = ormErrors.ORM_DOES_NOT_EXIST({ model });
    super(code, message, { hint });
    this.name = "DoesNotExist";
  }
}

/** `get()` found several rows. Each model has its own. */
export class MultipleObjectsReturned extends CortadoError {
  constructor(model: string) {
    const { code, message, hint } = ormErrors.ORM_MULTIPLE_OBJECTS({ model });
    super(code, message, { hint });
    this.name = "MultipleObjectsReturned";
  }
}

/** `save()` found its row gone. Each model has its own. */
export class NotUpdated extends CortadoError {
  constructor(model: string) {
    const { code, message, hint } = ormErrors.ORM_NOT_UPDATED({ model });
    super(code, message, { hint });
    this.name = "NotUpdated";
  }
}

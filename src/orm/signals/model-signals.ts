import { Signal } from "#kernel";
import type { ModelClass } from "../model/model-class.ts";

/** A signal that models send. A connection names the model, or its key: `"shop.Coffee"`, `"@user"`. */
export class ModelSignal<Payload extends object> extends Signal<Payload, ModelClass, ModelClass | string> {
  protected override concerns(wanted: ModelClass | string, sender: ModelClass): boolean {
    return typeof wanted === "string" ? sender.meta.isNamed(wanted) : wanted === sender;
  }
}

/** What receivers of `preSave` and `postSave` are told. */
export interface SaveSignal {
  /** The row. */
  readonly instance: any;
  /** Whether a fixture is being loaded: other rows may not be there yet. */
  readonly raw: boolean;
  /** The fields that `save({ only })` was told to write. */
  readonly only: readonly string[] | undefined;
  /** The alias of the database. */
  readonly using: string;
}

/** What receivers of `preDelete` and `postDelete` are told. */
export interface DeleteSignal {
  /** The row. */
  readonly instance: any;
  /** The alias of the database. */
  readonly using: string;
  /** The row or query that `delete()` was called on. */
  readonly origin: object;
}

/** What receivers of `m2mChanged` are told. */
export interface ManyToManySignal {
  /** The row whose side was changed. */
  readonly instance: object;
  /** What happens to the other side's rows. */
  readonly action: "preAdd" | "postAdd" | "preRemove" | "postRemove" | "preClear" | "postClear";
  /** Whether the row is on the side that the relation leads to. */
  readonly reverse: boolean;
  /** The model of the rows that are added or removed. */
  readonly model: ModelClass;
  /** Their keys; undefined when all of them go. */
  readonly keys: ReadonlySet<unknown> | undefined;
  readonly using: string;
}

/**
 * Before a row is saved. Receivers run in the transaction, if there is one, and may change the row.
 *
 * ```ts
 * preSave.connect(({ instance }) => { instance.name = instance.name.trim(); }, { sender: Coffee });
 * ```
 */
export const preSave = new ModelSignal<SaveSignal>();

/** After a row was saved; `created` says whether it is new. */
export const postSave = new ModelSignal<SaveSignal & { readonly created: boolean }>();

/** Before a row is deleted, for every row that goes with it too. `preDelete.connect(keepCopy, { sender: Coffee })` */
export const preDelete = new ModelSignal<DeleteSignal>();

/** After a row was deleted. `postDelete.connect(({ instance }) => search.remove(instance.id), { sender: Coffee })` */
export const postDelete = new ModelSignal<DeleteSignal>();

/** A many-to-many changed; the sender is the model of the middle table. `m2mChanged.connect(({ action, keys }) => …)` */
export const m2mChanged = new ModelSignal<ManyToManySignal>();

/** Before a row's values are set, whether by `new Coffee(values)` or from the database. Receivers cannot be awaited. */
export const preInit = new ModelSignal<{ readonly values: Readonly<Record<string, unknown>> | undefined }>();

/** After a row's values are set. Receivers cannot be awaited. `postInit.connect(({ instance }) => …, { sender: Coffee })` */
export const postInit = new ModelSignal<{ readonly instance: any }>();

/** A model was registered and is ready: the sender. Receivers cannot be awaited. `classPrepared.connect(…, { sender: "shop.Coffee" })` */
export const classPrepared = new ModelSignal<{}>();

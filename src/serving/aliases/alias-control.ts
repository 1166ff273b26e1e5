import { CortadoError } from "#kernel";
import { servingErrors } from "../errors.ts";
import { type AliasChange, type AliasRecord, type AliasTarget, checkSplit, movedTo, versionsOf } from "./alias-target.ts";
import type { AliasUpdate } from "./alias-store.ts";
import { isAliasName } from "../repositories/names.ts";
import type { RepositoryWatch } from "../models/repository-watch.ts";
import type { ServedModel } from "../models/served-model.ts";

/** Moves aliases: what they are to name is loaded first, then the store is told, then requests go there. */
export class AliasControl {
  readonly #watch: RepositoryWatch;

  constructor(watch: RepositoryWatch) {
    this.#watch = watch;
  }

  /** @throws SERVING_BAD_ALIAS, SERVING_BAD_INPUT, SERVING_UNKNOWN_VERSION, SERVING_VERSION_FAILED */
  async set(model: ServedModel, alias: string, change: AliasChange): Promise<AliasRecord> {
    if (!isAliasName(alias)) throw servingErrors.SERVING_BAD_ALIAS({ given: alias });
    checkSplit(change);
    const target = model.targetOf(alias, change);
    await loadAll(model, target);
    const named = model.namedBy(alias);
    const record = await this.#keep({ model: model.name, alias }, (before) => movedTo(target, before, named));
    model.keepAlias(alias, record!);
    return record!;
  }

  /** Takes back the last change of an alias. Who is second with the same wish changes nothing. @throws SERVING_NO_EARLIER_VERSION */
  async rollBack(model: ServedModel, alias: string): Promise<AliasRecord> {
    if (alias !== "default" && model.alias(alias) === undefined)
      throw servingErrors.SERVING_UNKNOWN_ALIAS({ model: model.name, given: alias, known: Object.keys(model.aliases) });
    const seen = model.alias(alias);
    const target = model.findEarlier(alias);
    if (target === undefined)
      throw servingErrors.SERVING_NO_EARLIER_VERSION({ model: model.name, alias, version: model.namedBy(alias) });
    await loadAll(model, target);
    const isAsSeen = (before: AliasRecord | undefined) =>
      before?.version === seen?.version && before?.canary?.version === seen?.canary?.version;
    const record = await this.#keep({ model: model.name, alias }, (before) => (isAsSeen(before) ? target : (before ?? null)));
    if (record) model.keepAlias(alias, record);
    else model.dropAlias(alias);
    return record ?? target;
  }

  async remove(model: ServedModel, alias: string): Promise<void> {
    await this.#keep({ model: model.name, alias }, () => null);
    model.dropAlias(alias);
  }

  async #keep({ model, alias }: { model: string; alias: string }, update: AliasUpdate): Promise<AliasRecord | null> {
    try {
      return await this.#watch.change(model, alias, update);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      // Messages of the system name files, which strangers need not know.
      const reason = code === undefined || error instanceof CortadoError ? message.replace(/\.$/, "") : code;
      throw servingErrors.SERVING_ALIAS_NOT_KEPT({ model, alias, reason, cause: error });
    }
  }
}

async function loadAll(model: ServedModel, target: AliasTarget): Promise<void> {
  await Promise.all(versionsOf(target).map((version) => model.loadNamed(version)));
}

import type { ManyLink } from "../relations/many-link.ts";
import { m2mChanged, type ManyToManySignal } from "./model-signals.ts";

type Change = "Add" | "Remove" | "Clear";

/** The owner's side of a many-to-many that is changed. */
interface ManySide {
  readonly link: ManyLink;
  readonly owner: object;
  readonly alias: string | undefined;
}

/** Changes the rows of a many-to-many between the two signals that tell of it. */
export async function tellingMany<T>(
  { link, owner, alias }: ManySide,
  { change, keys, run }: { change: Change; keys: readonly unknown[] | undefined; run: () => Promise<T> },
): Promise<T> {
  if (m2mChanged.isIdle) return run();
  const sender = link.middle!.through.model;
  const sent: Omit<ManyToManySignal, "action"> = {
    instance: owner,
    reverse: link.target.model !== link.field.relation!.to,
    model: link.target.model,
    keys: keys && new Set(keys),
    using: alias ?? "default",
  };
  await m2mChanged.send(sender, { ...sent, action: `pre${change}` });
  const result = await run();
  await m2mChanged.send(sender, { ...sent, action: `post${change}` });
  return result;
}

import { gettextLazy } from "#kernel/i18n";
import { char, dateTime, foreignKey, genericForeignKey, json, manager, Model } from "#orm";

/** One field's way from what it was to what it is, as texts for a person. */
export interface FieldChange {
  field: string;
  label: string;
  before: string;
  after: string;
}

/** What was done, as a word after what it was done to. */
export const verbs = {
  add: gettextLazy("added"),
  change: gettextLazy("changed"),
  delete: gettextLazy("deleted"),
  run: gettextLazy("ran"),
} as const;

/** What was done in the admin: by whom, when, to what, and how the fields changed. It is only ever added to. */
export class LogEntry extends Model(
  {
    user: () => foreignKey("@user", { onDelete: "setNull", null: true, relatedName: "+" }),
    /** Kept beside the reference, which goes when the user goes. */
    username: char({ maxLength: 150, default: "", verboseName: gettextLazy("who") }),
    time: dateTime({ autoNowAdd: true, dbIndex: true, verboseName: gettextLazy("when") }),
    modelKey: char({ maxLength: 200, verboseName: gettextLazy("model") }),
    objectId: char({ maxLength: 200, verboseName: gettextLazy("key") }),
    /** The row, where it is still there; what was done to it follows a model that gets another name. */
    object: () => genericForeignKey("modelKey", "objectId"),
    objectText: char({ maxLength: 200, verboseName: gettextLazy("what") }),
    action: char({ maxLength: 10, choices: verbs, verboseName: gettextLazy("was") }),
    changes: json<readonly FieldChange[]>(),
    note: char({ maxLength: 300, default: "", blank: true }),
  },
  {
    ordering: ["-time", "-id"],
    indexes: [{ fields: ["modelKey", "objectId"] }],
    verboseName: gettextLazy("log entry"),
    verboseNamePlural: gettextLazy("log entries"),
  },
) {
  static objects = manager(this);
  get changedFields(): string {
    return this.changes.map(({ label, before, after }) => `${label}: ${before || "nothing"} → ${after || "nothing"}`).join(", ");
  }
  override toString(): string {
    return `${this.objectText} ${String(verbs[this.action])}`;
  }
}

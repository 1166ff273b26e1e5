import { auto, char, dateTime, foreignKey, index, integer, json, unique, uuid } from "#orm";
import { createModel, migration } from "#orm/migrations";

const runStates = {
  queued: "Queued",
  running: "Running",
  cancelling: "Cancelling",
  succeeded: "Succeeded",
  failed: "Failed",
  cancelled: "Cancelled",
  interrupted: "Interrupted",
};

const versionStates = { pending: "Being tried", ready: "Ready", failed: "Refused", removed: "Removed" };

export default migration({
  dependencies: [],
  operations: [
    createModel({
      name: "Run",
      fields: {
        id: auto({ primaryKey: true }),
        model: char({ maxLength: 128 }),
        state: char({ maxLength: 16, choices: runStates, default: "queued" }),
        parameters: json(),
        version: char({ maxLength: 18, null: true, blank: true }),
        metrics: json({ null: true, blank: true }),
        progress: json({ null: true, blank: true }),
        error: json({ null: true, blank: true }),
        dataset: json({ null: true, blank: true }),
        startedBy: char({ maxLength: 254, default: "", blank: true }),
        owner: char({ maxLength: 200, default: "", blank: true }),
        created: dateTime({ autoNowAdd: true }),
        started: dateTime({ null: true, blank: true }),
        finished: dateTime({ null: true, blank: true }),
      },
      options: { ordering: ["-id"], indexes: [index(["state"]), index(["model", "-id"])] },
    }),
    createModel({
      name: "RunEvent",
      fields: {
        id: auto({ primaryKey: true }),
        run: foreignKey("registry.Run", { onDelete: "cascade", relatedName: "events" }),
        kind: char({ maxLength: 16 }),
        data: json(),
        created: dateTime({ autoNowAdd: true }),
      },
      options: { ordering: ["id"] },
    }),
    createModel({
      name: "ModelVersion",
      fields: {
        id: auto({ primaryKey: true }),
        model: char({ maxLength: 128 }),
        version: integer(),
        state: char({ maxLength: 16, choices: versionStates, default: "pending" }),
        origin: char({ maxLength: 100, default: "", blank: true }),
        metrics: json({ null: true, blank: true }),
        error: json({ null: true, blank: true }),
        created: dateTime({ autoNowAdd: true }),
      },
      options: {
        ordering: ["model", "-version"],
        constraints: [unique(["model", "version"], { name: "registry_version_once" })],
      },
    }),
    createModel({
      name: "Prediction",
      fields: {
        id: auto({ primaryKey: true }),
        key: uuid({ unique: true }),
        model: char({ maxLength: 128 }),
        version: char({ maxLength: 18 }),
        items: json(),
        answers: json(),
        rightAnswers: json({ null: true, blank: true }),
        givenBy: char({ maxLength: 254, default: "", blank: true }),
        given: dateTime({ null: true, blank: true }),
        created: dateTime({ autoNowAdd: true }),
      },
      options: { ordering: ["-id"], indexes: [index(["model", "given"])] },
    }),
    createModel({
      name: "ModelAlias",
      fields: {
        id: auto({ primaryKey: true }),
        model: char({ maxLength: 128 }),
        alias: char({ maxLength: 128 }),
        version: char({ maxLength: 18 }),
        canary: json({ null: true, blank: true }),
        shadow: json({ null: true, blank: true }),
        history: json({ blank: true }),
        updated: dateTime({ autoNow: true }),
      },
      options: {
        ordering: ["model", "alias"],
        constraints: [unique(["model", "alias"], { name: "registry_alias_once" })],
      },
    }),
  ],
});

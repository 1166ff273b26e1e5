import { Computed, type Expression } from "./expression.ts";
import { outputs } from "./outputs.ts";

/** A random UUID, another for each row. `Coffee.objects.annotate(() => ({ key: uuid4() }))` */
export function uuid4(): Expression<string> {
  return new Computed([], (scope) => ({
    sql: scope.dialect === "sqlite" ? "random_uuid()" : "GEN_RANDOM_UUID()",
    field: outputs.uuid,
  }));
}

/** PostgreSQL has version 7 since 18; this writes the milliseconds and the version into a random one. */
const uuid7InPostgres =
  "CAST(ENCODE(SET_BIT(SET_BIT(OVERLAY(UUID_SEND(GEN_RANDOM_UUID()) PLACING SUBSTRING(INT8SEND(CAST(FLOOR(EXTRACT(EPOCH FROM CLOCK_TIMESTAMP()) * 1000) AS bigint)) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex') AS uuid)";

/** A UUID that begins with the time, so that later ones are greater. `Coffee.objects.annotate(() => ({ key: uuid7() }))` */
export function uuid7(): Expression<string> {
  return new Computed([], (scope) => ({
    sql: scope.dialect === "sqlite" ? "time_uuid()" : uuid7InPostgres,
    field: outputs.uuid,
  }));
}

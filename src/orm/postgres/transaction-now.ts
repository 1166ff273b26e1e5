import type { Expression } from "../expressions/expression.ts";
import { outputs } from "../expressions/outputs.ts";
import { postgresExpression } from "./require-postgres.ts";

/** When the transaction began: one moment for all its statements. `Coffee.objects.annotate(() => ({ at: transactionNow() }))` */
export function transactionNow(): Expression<Date> {
  return postgresExpression("transactionNow()", [], () => ({ sql: "TRANSACTION_TIMESTAMP()", field: outputs.dateTime }));
}

import { Aggregate, StringAggregate } from "./aggregates.ts";
import { arithmetic } from "./arithmetic.ts";
import { makers } from "./expression.ts";
import { jsonPath } from "./json.ts";
import { sliceText } from "./text.ts";

// What the methods of `Expression` make extends `Expression`, so it comes after it. Whoever makes the first
// expressions, `refs.ts`, imports this.
makers.arithmetic = arithmetic;
makers.aggregate = (name, inner, options) => new Aggregate(name, inner, options);
makers.stringAgg = (inner, delimiter, options) => new StringAggregate(inner, delimiter, options);
makers.slice = sliceText;
makers.path = jsonPath;

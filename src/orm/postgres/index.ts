import "./field-kinds.ts";

export { arrayAgg, jsonbAgg } from "./aggregates/list-aggregates.ts";
export type { Aggregated, ListAggregateOptions } from "./aggregates/postgres-aggregate.ts";
export {
  corr,
  covarPop,
  covarSamp,
  type PairOptions,
  regrAvgX,
  regrAvgY,
  regrCount,
  regrIntercept,
  regrR2,
  regrSlope,
  regrSxx,
  regrSxy,
  regrSyy,
} from "./aggregates/statistics.ts";
export { array, type ArrayField, type ArrayOptions } from "./arrays/array-field.ts";
export { arraySubquery } from "./arrays/array-subquery.ts";
export type { ArrayLookups, ArrayWhere } from "./arrays/array-typing.ts";
export { citext, type CitextField } from "./citext-field.ts";
export { hstore, type HstoreField, type HstoreWhere } from "./hstore/hstore-field.ts";
export type { StringMap } from "./hstore/hstore-text.ts";
export { type Bound, Range, type RangeBounds } from "./ranges/range.ts";
export { type MadeRangeOptions, rangeOf, rangeOperators } from "./ranges/range-expressions.ts";
export {
  bigIntegerRange,
  dateRange,
  dateTimeRange,
  decimalRange,
  integerRange,
  type RangeField,
  type RangeOptions,
} from "./ranges/range-field.ts";
export type { RangeLookups, RangeWhere } from "./ranges/range-typing.ts";
export type { SearchConfig } from "./search/search-config.ts";
export { searchHeadline, type SearchHeadlineOptions, searchRank, type SearchRankOptions } from "./search/search-functions.ts";
export {
  lexeme,
  type LexemeOptions,
  type SearchQuery,
  searchQuery,
  type SearchQueryOptions,
  type SearchType,
} from "./search/search-query.ts";
export { type SearchVector, searchVector, type SearchVectorOptions, type SearchWeight } from "./search/search-vector.ts";
export { tsvector, type TsvectorField, type TsvectorOptions } from "./search/tsvector-field.ts";
export { unaccent } from "./text-lookups.ts";
export { transactionNow } from "./transaction-now.ts";
export {
  trigramDistance,
  trigramSimilarity,
  trigramStrictWordDistance,
  trigramStrictWordSimilarity,
  type TrigramText,
  trigramWordDistance,
  trigramWordSimilarity,
} from "./trigrams.ts";
export {
  arrayMaxLengthValidator,
  arrayMinLengthValidator,
  keysValidator,
  rangeMaxValueValidator,
  rangeMinValueValidator,
} from "./validators.ts";

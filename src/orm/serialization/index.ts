export { dumpData, type DumpOptions } from "./dump-data.ts";
export { serializationErrors } from "./errors.ts";
export { findFixtures, type FixturePlaces } from "./find-fixtures.ts";
export { fixtureFile, fixtureStream, writeFixture } from "./fixture-files.ts";
export { flushTables } from "./flush-tables.ts";
export { formatNamed, registerFormat, type SerializationFormat } from "./formats.ts";
export { type Fixture, loadData, type LoadOptions } from "./load-data.ts";
export { serialize, type SerializeOptions } from "./serialize.ts";
export type { SerializedRow } from "./serialized-row.ts";

// Asks for one value ten times at once, and says how often it was made here: `maker-process.ts ADDRESS KEY MILLISECONDS`.
import { setTimeout as sleep } from "node:timers/promises";
import { openCache } from "cortado/cache";

const [address = "", key = "", time = "300"] = process.argv.slice(2);
const cache = openCache({ backend: address, makingTimeout: 20 }, { root: "/" });
let made = 0;
const make = async () => {
  made++;
  await sleep(Number(time));
  return process.pid;
};
const values = await Promise.all(Array.from({ length: 10 }, () => cache.getOrSet(key, make, { timeout: 60 })));
await cache.close();
console.log(JSON.stringify({ made, values: [...new Set(values)] }));

/** Pushes a folder again and again, and says which version it became: node push-child.ts FOLDER DESTINATION */
import { pushVersion } from "cortado/serving";

const [folder, destination] = process.argv.slice(2) as [string, string];
for (;;) {
  try {
    const { version } = await pushVersion(folder, destination);
    process.stdout.write(`${version}\n`);
  } catch (error) {
    // Another process was quicker.
    if ((error as { code?: string }).code !== "SERVING_VERSION_TAKEN") throw error;
  }
}

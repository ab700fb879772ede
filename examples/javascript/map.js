// Prints a map of a folder: node map.js FOLDER [TOKENS]
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";

import { pipeline } from "./pipeline/pipeline.js";

const [folder, tokens = "4096"] = process.argv.slice(2);
const entries = await readdir(folder, { recursive: true, withFileTypes: true });
const paths = entries
  .filter((entry) => entry.isFile())
  .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep))
  .filter((parts) => !parts.some((part) => part.startsWith(".")))
  .map((parts) => parts.join("/"));
const read = async (path) => ({ path, text: await readFile(join(folder, path), "utf8") });
const files = await Promise.all(pipeline.selectSources(paths).map(read));

try {
  const map = pipeline.drawMap(files, { tokens: Number(tokens), context: [], mentioned: [], full: false });
  process.stdout.write(map.text);
  console.error(`${map.tokens} tokens, ${map.files.length} files, ${map.omitted.length} not on the map`);
} catch (error) {
  console.error("no map:", error.tag ?? error, error.val ?? "");
  process.exitCode = 1;
}

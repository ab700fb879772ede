// Draws a map of the folder that is picked. Nothing of it leaves the page.
import { pipeline } from "./pipeline/pipeline.js";

const [input, state, text] = ["folder", "state", "map"].map((id) => document.getElementById(id));

input.addEventListener("change", async () => {
  // A path begins with the name of the folder itself.
  const picked = new Map(
    [...input.files].map((file) => [file.webkitRelativePath.split("/").slice(1).join("/"), file]),
  );
  const isShown = (path) => !path.split("/").some((part) => part.startsWith("."));
  const paths = pipeline.selectSources([...picked.keys()].filter(isShown));
  const files = await Promise.all(paths.map(async (path) => ({ path, text: await picked.get(path).text() })));
  try {
    const map = pipeline.drawMap(files, { context: [], mentioned: [], full: false });
    text.textContent = map.text;
    state.textContent = `${map.tokens} tokens, ${map.files.length} files, ${map.omitted.length} not on the map`;
  } catch (error) {
    state.textContent = `No map: ${error.tag ?? error}`;
  }
});

state.textContent = "Pick one.";
input.disabled = false;

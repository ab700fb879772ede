// What the component answers to cases: one a line on stdin, with its files and options; one a line on stdout.
import { createInterface } from "node:readline";

import { pipeline } from "../../examples/javascript/pipeline/pipeline.js";

const answer = ({ paths, files, options }) => {
  if (paths) {
    return pipeline.selectSources(paths);
  }
  try {
    const map = pipeline.drawMap(files, options);
    return { ...map, files: map.files.map((file) => ({ ...file, lines: [...file.lines] })) };
  } catch (error) {
    if (error.tag) {
      return { error: error.tag, said: error.val };
    }
    throw error;
  }
};

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(answer(JSON.parse(line))));
}

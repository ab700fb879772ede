// Makes JavaScript and core modules of the component, in the folder pipeline/: node transpile.js COMPONENT
import { transpile, writeFiles } from "@bytecodealliance/jco-transpile";

const { files } = await transpile(process.argv[2], { name: "pipeline", outDir: "pipeline" });
await writeFiles(files);

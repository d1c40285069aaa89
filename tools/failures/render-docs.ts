// Puts a campaign's results into the docs: node --import tsx tools/failures/render-docs.ts [RESULTS]
//
// RESULTS is a results.json under .swarmstead-results; without it docs/failures.json is rendered anew. Writes
// docs/failures.json, docs/failures.svg and, between two marks, the tables of docs/failures.md.
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { FailureResults } from "./failure-run";
import { placeTables } from "./place-tables";
import { renderPlot } from "./render-plot";
import { renderTables } from "./render-tables";

const DOCS = resolve(__dirname, "../../docs");

function main(source: string | undefined): void {
  const kept = join(DOCS, "failures.json");
  const results = JSON.parse(readFileSync(source ?? kept, "utf8")) as FailureResults;
  const page = join(DOCS, "failures.md");
  writeFileSync(kept, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(join(DOCS, "failures.svg"), renderPlot(results));
  writeFileSync(page, placeTables(readFileSync(page, "utf8"), renderTables(results)));
}

main(process.argv[2]);

import { readFileSync } from "node:fs";
import { join } from "node:path";

const PARTS = ["lab-process.sh", "lab-network.sh", "lab-vm.sh"];

/** The one text that acts on a lab, for Pulumi and for the launcher alike; `scripts/lab-vm.sh` has its verbs. */
export function vmProgram(): string {
  return PARTS.map((part) => readFileSync(join(__dirname, "scripts", part), "utf8")).join("\n");
}

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const CHECKOUT = resolve(__dirname, "../..");

/** Copies what git tracks or would track into a folder; npm's packages are shared with the checkout. */
export function copyCheckout(folder: string): void {
  const files = execFileSync("git", ["ls-files", "-z", "-co", "--exclude-standard"], {
    cwd: CHECKOUT,
    encoding: "utf8",
  });
  // What is deleted but not yet committed is listed, too.
  const there = files.split("\0").filter((file) => file !== "" && existsSync(join(CHECKOUT, file)));
  for (const file of there) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(CHECKOUT, file), join(folder, file), { preserveTimestamps: true });
  }
  symlinkSync(join(CHECKOUT, "node_modules"), join(folder, "node_modules"));
}

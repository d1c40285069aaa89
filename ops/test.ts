import { spawn } from "node:child_process";
import { UserError } from "../components/lib/user-error";
import type { Command } from "./command";

/** `./swarmstead test` */
export const test: Command = {
  usage: "test [lab]",
  summary: "every test that needs no VM; test lab runs the real cluster on VMs",
  details: `The lab's tests make a lab of their own, beside any that runs, and destroy it at the end.

Exit code: 0 where all passed. The last line is "N passed, N failed", with ", N skipped" where some were.`,
  operands: [0, 1],
  run(context, { operands }) {
    const [suite = "quick"] = operands;
    if (suite !== "quick" && suite !== "lab") {
      throw new UserError(`test: must be lab or nothing, got ${suite}`, 2);
    }
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, ["tools/run-tests.mjs", suite], {
        cwd: context.root,
        stdio: "inherit",
      });
      child.on("error", reject);
      child.on("close", (code) => {
        resolve(code ?? 1);
      });
    });
  },
};

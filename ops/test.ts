import { UserError } from "../components/lib/user-error";
import type { Command } from "./command";
import { STORAGE_KINDS } from "./storage-view";
import { runInTerminal } from "./terminal-program";

/** `./swarmstead test` */
export const test: Command = {
  usage: "test [lab [--campaign] [--storage KIND] [--entry]]",
  summary: "every test that needs no VM; test lab runs the real cluster on VMs",
  details: `The lab's tests make a lab of their own, beside any that runs, and destroy it at the end. What has not begun after 50
minutes is left out, and named.

  --campaign       leave nothing out, and interrupt up and destroy at twenty drawn points; takes hours; of storage ceph
  --storage KIND   only the tests of shared storage, with ceph, gluster, nfs or local; takes 15 minutes to an hour
  --entry          only the tests of the entry: one address, and each fault of the machine that holds it, once

Exit code: 0 where all passed. The last line is "N passed, N failed", with ", N skipped" where some were.`,
  operands: [0, 1],
  flags: ["campaign", "entry"],
  options: ["storage"],
  inTerminal: true,
  run(context, { operands, flags, values }) {
    const [suite = "quick"] = operands;
    if (suite !== "quick" && suite !== "lab") {
      throw new UserError(`test: must be lab or nothing, got ${suite}`, 2);
    }
    if (flags.has("campaign") && suite !== "lab") {
      throw new UserError(
        "test: --campaign is for test lab; say ./swarmstead test lab --campaign",
        2,
      );
    }
    if (flags.has("entry") && suite !== "lab") {
      throw new UserError("test: --entry is for test lab; say ./swarmstead test lab --entry", 2);
    }
    const kind = values.storage?.at(-1);
    if (kind !== undefined && flags.has("entry")) {
      throw new UserError(
        "test: must be --storage KIND or --entry, got both; run one, then the other",
        2,
      );
    }
    if (kind !== undefined && suite !== "lab") {
      throw new UserError(
        "test: --storage is for test lab; say ./swarmstead test lab --storage KIND",
        2,
      );
    }
    if (kind !== undefined && !STORAGE_KINDS.some((each) => each === kind)) {
      throw new UserError(`--storage: must be one of ${STORAGE_KINDS.join(", ")}, got ${kind}`, 2);
    }
    const words = [
      ...["tools/run-tests.mjs", suite],
      ...(flags.has("campaign") ? ["--campaign"] : []),
      ...(kind === undefined ? [] : [`--storage=${kind}`]),
      ...(flags.has("entry") ? ["--entry"] : []),
    ];
    return runInTerminal(process.execPath, words, { cwd: context.root });
  },
};

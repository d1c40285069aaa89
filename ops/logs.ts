import { createReadStream, existsSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { serialLogPath } from "../components/lab/lab-computer";
import { UserError } from "../components/lib/user-error";
import type { Command } from "./command";
import { labNames, requireLab, requireNames } from "./power";

/** `./swarmstead logs` */
export const logs: Command = {
  usage: "logs NAME",
  summary: "lab: what a VM printed on its serial line since it was started",
  details: `The place to look when a VM does not boot. NAME is a machine of the stack, or "visitor".

Exit code: 0; 1 where the VM was never started, 2 for a wrong call.`,
  operands: [1, 1],
  async run(context, { operands }) {
    const [name = ""] = operands;
    requireLab(context, "logs");
    requireNames("NAME", labNames(context), [name]);
    const path = serialLogPath(context.state, name);
    if (!existsSync(path)) {
      throw new UserError(`${name}: was never started; run ./swarmstead up`);
    }
    await pipeline(createReadStream(path), process.stdout, { end: false });
    return 0;
  },
};

import { existsSync } from "node:fs";
import { CommandError } from "@pulumi/pulumi/automation";
import { UserError } from "../components/lib/user-error";
import type { Command } from "./command";
import { choseBackend, openEngine } from "./engine";
import { readSeed, reasonOf } from "./stored-seed";

/** `./swarmstead recovery-key` */
export const recoveryKey: Command = {
  usage: "recovery-key",
  summary: "print the secret that brings the stack back when its state or passphrase is lost",
  details: `The one secret that the stack's SSH keys and its apps' generated secrets follow from, as a line on stdout. Keep it
where the loss of this computer does not reach, and show it to nobody: whoever has it has every machine.
./swarmstead adopt takes it; docs/state-and-keys.md tells when.

Exit code: 0 when it was printed, 1 where there is no state yet or it cannot be opened.`,
  async run(context) {
    context.config();
    const nothing = `stack ${context.stack}: has no machines yet; run ./swarmstead up`;
    if (!existsSync(context.state) && !choseBackend()) {
      throw new UserError(nothing);
    }
    const { stack } = await openEngine(context);
    let seed: string | undefined;
    try {
      seed = await readSeed(stack);
    } catch (error) {
      if (error instanceof CommandError) {
        throw new UserError(
          `stack ${context.stack}: its state cannot be opened: ${reasonOf(error)}; see "Lost passphrase" in docs/state-and-keys.md`,
        );
      }
      throw error;
    }
    if (seed === undefined) {
      throw new UserError(nothing);
    }
    process.stderr.write(
      `recovery key of stack ${context.stack}: whoever has it has every machine; keep it in a password manager or on paper\n`,
    );
    process.stdout.write(`${seed}\n`);
    return 0;
  },
};

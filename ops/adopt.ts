import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPorts } from "../components/lab/forwarded-ports";
import { labConnections } from "../components/lab/lab-connections";
import { writeSshFolder } from "../components/lib/ssh-alias";
import { managerAlias } from "../components/lib/ssh-config";
import { UserError } from "../components/lib/user-error";
import { operatorKey } from "../components/machine/access";
import { seedFault } from "../stacks/seed";
import type { Command } from "./command";
import type { Context } from "./context";
import { openAnew } from "./lost-state";
import { declaredNetworks, listNetworks, networksToImport } from "./networks-to-import";
import { requireLab } from "./power";
import { withProgress } from "./progress";
import { readSecret } from "./read-secret";
import { bringUp } from "./up";

/**
 * Logs in with what follows from the seed alone, which proves that it is the right one, and looks which of the apps'
 * networks there are. Leaves nothing behind.
 */
async function lookAtSwarm(context: Context, seed: string): Promise<Record<string, string>> {
  const { machines, access } = context.config();
  const wanted = declaredNetworks(context);
  const folder = mkdtempSync(join(tmpdir(), "swarmstead-adopt-"));
  try {
    const list = labConnections(machines, readPorts(context.state), seed);
    const { privateKey } = operatorKey(seed, access.operatorKey);
    writeSshFolder(folder, context.stack, list, privateKey);
    const at = { sshConfig: join(folder, "config") };
    return networksToImport(wanted, await listNetworks(at, managerAlias(context.stack)));
  } catch (error) {
    if (error instanceof UserError) {
      throw new UserError(
        `adopt: must be let in by a manager of stack ${context.stack}, got: ${error.message}; give that stack's own recovery key, start its machines (./swarmstead power on NAME…), and see that access.operatorKey and each machine's generation are what they were. Nothing was changed.`,
      );
    }
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `./swarmstead adopt` */
export const adopt: Command = {
  usage: "adopt",
  summary: "bring back a stack whose state or passphrase is lost while its machines live",
  details: `Reads the recovery key (./swarmstead recovery-key printed it) from stdin; asks for it at a terminal, without showing
it. Proves it at the machines first. Then a state that cannot be opened, or has another key, is set aside, a new one
is made, and the same is done as by up: what is there is taken over as it is, no data is touched.
docs/state-and-keys.md tells more.

Exit code: as that of up; 1 with nothing changed where the key is wrong.`,
  async run(context) {
    requireLab(context, "adopt");
    const seed = await readSecret(`Recovery key of stack ${context.stack}: `);
    const fault = seedFault(seed);
    if (fault !== undefined) {
      throw new UserError(`recovery key: ${fault}`);
    }
    const importNetworks = await withProgress("looking at the swarm", () =>
      lookAtSwarm(context, seed),
    );
    const engine = await openAnew(context, { seed, importNetworks });
    return bringUp(context, () => Promise.resolve(engine));
  },
};

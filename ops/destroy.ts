import { createHash } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline/promises";
import { removeLab } from "../components/lab/lab-computer";
import { UserError } from "../components/lib/user-error";
import type { Command } from "./command";
import type { Context } from "./context";
import { openEngine } from "./engine";
import { runOperation } from "./operation";
import { pulumiHome } from "./plugins";
import { withProgress } from "./progress";

async function confirm(context: Context): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new UserError("destroy: asks before it deletes; where nobody can answer, give --yes", 2);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(
    `This deletes every machine of stack ${context.stack} with all that is on it. Type the stack's name to go on: `,
  );
  terminal.close();
  if (answer.trim() !== context.stack) {
    throw new UserError("destroy: nothing was changed");
  }
}

/** The local backend keeps a history of stacks that are gone; it goes with the last of them. */
function removeEmptyBackend({ backend }: Context): void {
  const folder = dirname(backend);
  if (readdirSync(folder).every((name) => name === basename(backend))) {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The CLI remembers which stack was selected for a project, in a file that is named after the project's path. */
function forgetWorkspace(workDir: string): void {
  const hash = createHash("sha1").update(join(workDir, "Pulumi.yaml")).digest("hex");
  rmSync(join(pulumiHome(), "workspaces", `swarmstead-${hash}-workspace.json`), { force: true });
}

/** `./swarmstead destroy` */
export const destroy: Command = {
  usage: "destroy [--yes] [--purge]",
  summary: "delete the environment: machines, their disks, and every trace of it here",
  details: `  --yes     do not ask
  --purge   delete what all labs of this user share, too: base images, QEMU, Pulumi's CLI;
            not while another lab of yours has VMs,
            whose disks build on the base image

Without --purge those stay, so that the next up is quick.

Exit code: 0 when nothing is left.`,
  flags: ["yes", "purge"],
  async run(context, { flags }) {
    const lab = context.config().platform.kind === "lab";
    if (!flags.has("yes")) {
      await confirm(context);
    }
    if (existsSync(context.state)) {
      const engine = await openEngine(context);
      await runOperation("destroy", (options) => engine.stack.destroy(options));
      await engine.stack.workspace.removeStack(context.stack);
      if (lab) {
        await withProgress("removing the VMs", () => removeLab(context.state));
      }
      rmSync(context.state, { recursive: true, force: true });
      removeEmptyBackend(context);
      forgetWorkspace(engine.workDir);
    }
    if (flags.has("purge")) {
      rmSync(context.cache, { recursive: true, force: true });
    }
    const kept = existsSync(context.cache) ? `; kept for the next up: ${context.cache}` : "";
    process.stdout.write(`stack ${context.stack} is gone${kept}\n`);
    return 0;
  },
};

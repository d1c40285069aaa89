import { createHash } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline/promises";
import { removeLab } from "../components/lab/lab-computer";
import { UserError } from "../components/lib/user-error";
import type { ClusterConfig } from "../stacks/config";
import type { Command } from "./command";
import type { Context } from "./context";
import { openEngine } from "./engine";
import { interruption } from "./interruption";
import { awaitLocks, OTHER_LIMIT_SECONDS } from "./local-backend";
import { runOperation } from "./operation";
import { clearPending } from "./pending-operations";
import { pulumiHome } from "./plugins";
import { withProgress } from "./progress";

/** What a stack's storage comes to; a server that is not ours keeps what it has. */
function fateOfStorage(storage: ClusterConfig["storage"]): string {
  switch (storage?.kind) {
    case undefined:
      return "";
    case "ceph":
    case "gluster":
    case "local":
      return " The shared storage is lost with them.";
    case "nfs":
      return ` What is in ${storage.server}:${storage.path} is not erased.`;
  }
}

/** What `destroy` erases, and what it does not. */
export function renderFate(stack: string, { platform, storage }: ClusterConfig): string {
  switch (platform.kind) {
    case "lab":
      return `This deletes every VM of stack ${stack} with all its disks.${fateOfStorage(storage)}`;
  }
}

async function confirm(stack: string, fate: string): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new UserError("destroy: asks before it deletes; where nobody can answer, give --yes", 2);
  }
  process.stderr.write(`${fate}\n`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Without this Ctrl-C and the end of the input would end the run as if all were well.
  terminal.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  const closed = new Promise<string>((resolve) => {
    terminal.on("close", () => {
      resolve("");
    });
  });
  const asked = terminal.question("Type the stack's name to go on: ");
  const answer = await Promise.race([asked, closed]);
  terminal.close();
  if (answer.trim() !== stack) {
    throw new UserError("destroy: nothing was changed");
  }
}

/** Deletes what the stack has made, and then the stack; an interrupted run may have left any part of that. */
async function destroyStack(context: Context): Promise<void> {
  await awaitLocks(context.backend, context.stack, OTHER_LIMIT_SECONDS);
  const engine = await openEngine(context);
  // What the state does not know of goes with the machines.
  await clearPending(context, engine, { keepObjects: true });
  await runOperation("destroy", (options) => engine.stack.destroy(options));
  await interruption.operate(() => engine.stack.workspace.removeStack(context.stack));
}

/** The local backend keeps a history of stacks that are gone; it goes with the last of them. */
function removeEmptyBackend({ backend }: Context): void {
  const folder = dirname(backend);
  if (existsSync(folder) && readdirSync(folder).every((name) => name === basename(backend))) {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The CLI remembers which stack was selected for a project, in a file that is named after the project's path. */
function forgetWorkspace({ state }: Context): void {
  const hash = createHash("sha1")
    .update(join(state, "project", "Pulumi.yaml"))
    .digest("hex");
  rmSync(join(pulumiHome(), "workspaces", `swarmstead-${hash}-workspace.json`), { force: true });
}

/** `./swarmstead destroy` */
export const destroy: Command = {
  usage: "destroy [--yes] [--purge]",
  summary: "delete the environment: machines, their disks, and every trace of it here",
  acts: true,
  details: `  --yes     do not ask
  --purge   delete what all labs of this user share, too: base images, QEMU, Pulumi's CLI;
            not while another lab of yours has VMs,
            whose disks build on the base image

Without --purge those stay, so that the next up is quick.

Exit code: 0 when nothing is left.`,
  flags: ["yes", "purge"],
  async run(context, { flags }) {
    const lab = context.isLab;
    const fate = renderFate(context.stack, context.config());
    if (flags.has("yes")) {
      process.stderr.write(`${fate}\n`);
    } else {
      await confirm(context.stack, fate);
    }
    // Each step does what is left of it, so an interrupted run is taken up again at any of them.
    if (existsSync(context.state)) {
      await destroyStack(context);
      if (lab) {
        await withProgress("removing the VMs", () => removeLab(context.state));
      }
      rmSync(context.state, { recursive: true, force: true });
    }
    removeEmptyBackend(context);
    forgetWorkspace(context);
    if (flags.has("purge")) {
      rmSync(context.cache, { recursive: true, force: true });
    }
    const kept = existsSync(context.cache) ? `; kept for the next up: ${context.cache}` : "";
    process.stdout.write(`stack ${context.stack} is gone${kept}\n`);
    return 0;
  },
};

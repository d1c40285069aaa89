import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { UserError } from "../components/lib/user-error";
import type { Command } from "./command";
import { openEngine } from "./engine";
import { withProgress } from "./progress";
import { requireSshConfig } from "./ssh-session";
import { listSteps, runStep } from "./stored-steps";

/** `./swarmstead repair` */
export const repair: Command = {
  usage: "repair --all",
  summary: "run every stored step on the machines again; what is right stays untouched",
  details: `Pulumi runs a step again only when its inputs change, so it does not see what was changed by hand on a
machine. Steps converge: where nothing drifted, nothing changes.

  --all   every step of the stack, in the order of its state

Exit code: 0 when every step succeeded; the first that fails ends it with 1.`,
  flags: ["all"],
  async run(context, { flags }) {
    if (!flags.has("all")) {
      throw new UserError("repair: say --all; finding what drifted comes with a later release", 2);
    }
    requireSshConfig(context);
    const engine = await openEngine(context);
    const words = ["stack", "export", "--show-secrets", "--stack", context.stack];
    const { stdout } = await promisify(execFile)(engine.cli, words, {
      cwd: engine.workDir,
      env: { ...process.env, ...engine.env },
      maxBuffer: 256 * 1024 * 1024,
    });
    const steps = listSteps(JSON.parse(stdout) as Parameters<typeof listSteps>[0]);
    for (const step of steps) {
      try {
        await withProgress(step.name, () => runStep(engine, context.sshConfig, step));
      } catch (error) {
        throw new UserError((error as Error).message);
      }
      process.stdout.write(`${step.name}: ran\n`);
    }
    return 0;
  },
};

import { UserError } from "../components/lib/user-error";
import type { Problem } from "./cluster-status";
import type { Command } from "./command";
import { diagnose, storedSteps } from "./doctor/diagnosis";
import { runSteps, stepsToMend } from "./doctor/mend";
import { renderFindings } from "./doctor/render-findings";
import { PATIENCE_SECONDS } from "./doctor/settle";
import { openEngine } from "./engine";
import { withProgress } from "./progress";
import { requireSshConfig } from "./ssh-session";

/** `./swarmstead repair` */
export const repair: Command = {
  usage: "repair [--all]",
  summary: "run the stored steps again of what doctor finds; what is right stays untouched",
  acts: true,
  details: `Pulumi runs a step again only when its inputs change, so it does not see what was changed on a machine by hand, by
an accident, or by its being made anew. This does: it examines everything, runs the steps of what drifted in their order,
and examines again. Steps converge: where nothing drifted, nothing changes.

  --all   every step of the stack, without asking doctor first

Exit code: 0 when every step succeeded and all is well, 1 where something is not.`,
  flags: ["all"],
  async run(context, { flags }) {
    context.config();
    requireSshConfig(context);
    const engine = await openEngine(context);
    const steps = await storedSteps(context, engine);
    const look = async (): Promise<Problem[]> => {
      const { problems } = await withProgress("examining", () =>
        diagnose(context, steps, PATIENCE_SECONDS),
      );
      return problems;
    };
    const found = flags.has("all") ? [] : await look();
    const chosen = flags.has("all") ? steps : stepsToMend(found, steps);
    if (found.length > 0) {
      process.stdout.write(`${renderFindings(found)}\n`);
    }
    const failures = await runSteps(context, engine, chosen);
    if (failures.length > 0) {
      throw new UserError(failures.join("\n"));
    }
    const left = chosen.length > 0 ? await look() : found;
    if (chosen.length > 0 || left.length === 0) {
      process.stdout.write(`${renderFindings(left)}\n`);
    }
    return left.length === 0 ? 0 : 1;
  },
};

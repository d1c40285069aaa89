import { UserError } from "../components/lib/user-error";
import type { Command } from "./command";
import { storedSteps } from "./doctor/diagnosis";
import { runSteps } from "./doctor/mend";
import { renderFindings } from "./doctor/render-findings";
import { settle } from "./doctor/settle";
import { openEngine } from "./engine";
import { requireSshConfig } from "./ssh-session";

/** `./swarmstead repair` */
export const repair: Command = {
  usage: "repair [--all]",
  summary: "run the stored steps again of what doctor finds; what is right stays untouched",
  acts: true,
  details: `Pulumi runs a step again only when its inputs change, so it does not see what was changed on a machine by hand, by
an accident, or by its being made anew. This does: it examines everything, runs the steps of what drifted in their order,
and examines again, for a minute where something is still on its way, like a task that moves. Steps converge: where
nothing drifted, nothing changes.

  --all   every step of the stack, without asking doctor first

Exit code: 0 when every step succeeded and all is well, 1 where something is not.`,
  flags: ["all"],
  async run(context, { flags }) {
    context.config();
    requireSshConfig(context);
    const engine = await openEngine(context);
    const before = flags.has("all")
      ? await runSteps(context, engine, await storedSteps(context, engine))
      : [];
    if (before.length > 0) {
      throw new UserError(before.join("\n"));
    }
    const { status, failures } = await settle(context, engine, { atOnce: true });
    process.stdout.write(`${renderFindings(status.problems)}\n`);
    return status.problems.length === 0 && failures.length === 0 ? 0 : 1;
  },
};

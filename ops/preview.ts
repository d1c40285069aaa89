import type { Command } from "./command";
import { openEngine } from "./engine";
import { runOperation } from "./operation";

/** `./swarmstead preview` */
export const preview: Command = {
  usage: "preview [--expect-no-changes]",
  summary: "show what up would change, line by line, and change nothing",
  acts: true,
  details: `  --expect-no-changes   exit with 1 where there is a change

Exit code: 0 where the preview could be made.`,
  flags: ["expect-no-changes"],
  async run(context, { flags }) {
    context.wantedConfig();
    const engine = await openEngine(context);
    const { result } = await runOperation("preview", (options) =>
      engine.stack.preview({ ...options, diff: true }),
    );
    const changed = Object.entries(result.changeSummary).some(
      ([op, count]) => op !== "same" && count > 0,
    );
    return changed && flags.has("expect-no-changes") ? 1 : 0;
  },
};

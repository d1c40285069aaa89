import type { Command } from "./command";
import { diagnose, storedSteps } from "./doctor/diagnosis";
import { doctorLimit } from "./doctor/examination";
import { renderFindings } from "./doctor/render-findings";
import { openEngine } from "./engine";
import { withProgress } from "./progress";
import { requireSshConfig } from "./ssh-session";

const CLI_ORIGIN = {
  path: "found on PATH",
  installer: "fetched by Pulumi's installer",
  go: "built from its Go module",
} as const;

const PLUGIN_ORIGIN = {
  engine: "left to the engine",
  installed: "installed",
  path: "found on PATH",
  fetched: "fetched",
  "stand-ins": "stand-ins of the lab",
} as const;

/** `./swarmstead doctor` */
export const doctor: Command = {
  usage: "doctor [--json]",
  summary: "examine everything, and say what is not as it should be, and its cure",
  details: `Looks at each machine's clock, disks, files, daemons and place in the swarm, and at what runs in the swarm, and has
every stored step say what it would change. Changes nothing, and takes less than 30 s.

  --json   for scripts, as docs/doctor.schema.json describes it

Exit code: 0 where all is well, 1 where something is not.`,
  flags: ["json"],
  async run(context, { flags }) {
    context.config();
    requireSshConfig(context);
    const engine = await openEngine(context);
    const { problems: findings } = await withProgress("examining", async () =>
      diagnose(context, await storedSteps(context, engine), doctorLimit(process.uptime())),
    );
    const { version, cliOrigin, pluginOrigin } = engine.origin;
    const pulumi = {
      cli: `${version}, ${CLI_ORIGIN[cliOrigin]}`,
      plugins: PLUGIN_ORIGIN[pluginOrigin],
    };
    process.stdout.write(
      flags.has("json")
        ? `${JSON.stringify({ stack: context.stack, pulumi, findings }, null, 2)}\n`
        : `Pulumi's CLI: ${pulumi.cli}; plugins: ${pulumi.plugins}\n${renderFindings(findings)}\n`,
    );
    return findings.length === 0 ? 0 : 1;
  },
};

import { UserError } from "../components/lib/user-error";
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

const LONGEST_SECONDS = 3600;

/**
 * The seconds that were asked for.
 *
 * @param given the option's values, the last of which counts
 * @throws {UserError} for what is no whole number of seconds
 */
function readTimeout(given: readonly string[] = []): number | undefined {
  const last = given.at(-1);
  if (last === undefined) {
    return undefined;
  }
  const seconds = Number(last);
  if (!/^[0-9]+$/.test(last) || seconds < 1 || seconds > LONGEST_SECONDS) {
    throw new UserError(
      `--timeout: must be whole seconds from 1 to ${String(LONGEST_SECONDS)}, got ${last}; 120 do for most slow machines`,
      2,
    );
  }
  return seconds;
}

/** `./swarmstead doctor` */
export const doctor: Command = {
  usage: "doctor [--json] [--timeout SECONDS]",
  summary: "examine everything, and say what is not as it should be, and its cure",
  details: `Looks at each machine's clock, disks, files, daemons and place in the swarm, and at what runs in the swarm, and has
every stored step say what it would change. Changes nothing, and takes less than 30 s; a machine that has not told all by
then is itself a finding.

  --json              for scripts, as docs/doctor.schema.json describes it
  --timeout SECONDS   give each machine so long instead, as a busy or emulated one may need

Exit code: 0 where all is well, 1 where something is not.`,
  flags: ["json"],
  options: ["timeout"],
  async run(context, { flags, values }) {
    const timeout = readTimeout(values.timeout);
    context.config();
    requireSshConfig(context);
    const engine = await openEngine(context);
    const { problems: findings } = await withProgress("examining", async () =>
      diagnose(
        context,
        await storedSteps(context, engine),
        timeout ?? doctorLimit(process.uptime()),
      ),
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

import { join } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";

/** Holds `bin/pulumi`, which starts the CLI that `SWARMSTEAD_PULUMI` names. */
const SESSION = join(__dirname, "session");

/** Pulumi's CLI as the Automation API takes it, in a session of its own; `session/bin/pulumi` says why. */
export function cliInSession(cli: string): Promise<PulumiCommand> {
  process.env.SWARMSTEAD_PULUMI = cli;
  return PulumiCommand.get({ root: SESSION });
}

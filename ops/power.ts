import { powerOff, powerOn } from "../components/lab/lab-computer";
import { UserError } from "../components/lib/user-error";
import type { Command } from "./command";
import type { Context } from "./context";
import { withProgress } from "./progress";

/** @throws {UserError} unless the stack's machines are VMs on this computer */
export function requireLab(context: Context, command: string): void {
  if (!context.isLab) {
    const { kind } = context.config().platform;
    throw new UserError(
      `${command}: works on platform lab alone, stack ${context.stack} is on ${kind}`,
    );
  }
}

/** Names of all VMs that the lab has or is to have. */
export function labNames(context: Context): string[] {
  return [...Object.keys(context.config().machines), "visitor"];
}

/** @throws {UserError} naming every name that is none of those that there are */
export function requireNames(
  what: string,
  known: readonly string[],
  names: readonly string[],
): void {
  const strangers = names.filter((name) => !known.includes(name));
  if (strangers.length > 0) {
    throw new UserError(
      strangers
        .map((name) => `${what}: must be one of ${known.join(", ")}, got ${name}`)
        .join("\n"),
      2,
    );
  }
}

/** `./swarmstead power` */
export const power: Command = {
  usage: "power on|off NAME…",
  summary: "lab: start VMs, or cut their power as a plug would",
  acts: true,
  details: `NAME is a machine of the stack, or "visitor". "off" gives the machine no time to do anything: what was
not on its disk is lost. For an orderly stop of all VMs there is ./swarmstead down.

Exit code: 0 when it is done, 2 for a wrong call.`,
  operands: [2, Number.POSITIVE_INFINITY],
  async run(context, { operands }) {
    const [verb, ...names] = operands;
    if (verb !== "on" && verb !== "off") {
      throw new UserError(`power: must be on or off, got ${verb ?? "nothing"}`, 2);
    }
    requireLab(context, "power");
    requireNames("NAME", labNames(context), names);
    await withProgress(`power ${verb} ${names.join(" ")}`, () =>
      verb === "on" ? powerOn(context.state, names) : powerOff(context.state, names),
    );
    return 0;
  },
};

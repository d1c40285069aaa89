import { UserError } from "../components/lib/user-error";
import type { Command } from "./command";
import { requireMachine } from "./ssh-session";
import { runInTerminal } from "./terminal-program";

/** `./swarmstead ssh NAME [command]` */
export const ssh: Command = {
  usage: "ssh NAME [COMMAND…]",
  summary: "log in to a machine, or run a command on it",
  details: `NAME is a machine of the stack, "visitor" for the lab's machine outside the node network, or
"swarmstead-<stack>" for any live manager. Without COMMAND it opens a shell.

Exit code: the command's own; 255 where the machine could not be reached.`,
  passThrough: true,
  inTerminal: true,
  operands: [1, Number.POSITIVE_INFINITY],
  run(context, { operands }) {
    const [name, ...command] = operands;
    if (name === undefined || name.startsWith("-")) {
      throw new UserError("ssh: NAME is missing; call it as ./swarmstead ssh NAME [COMMAND…]", 2);
    }
    requireMachine(context, name);
    const words = [
      "-F",
      context.sshConfig,
      name,
      ...(command.length > 0 ? ["--", ...command] : []),
    ];
    return runInTerminal("ssh", words);
  },
};

import { type ParseArgsConfig, parseArgs } from "node:util";
import { UserError } from "../components/lib/user-error";
import { ConfigError } from "../stacks/config";
import type { Call, Command } from "./command";
import { COMMANDS, USAGE } from "./commands";
import { Context } from "./context";
import { interruption } from "./interruption";
import { awaitOrphans } from "./orphans";
import { markRun } from "./run-processes";

function splitGlobal(argv: readonly string[]): { stack: string; rest: string[] } {
  const rest = [...argv];
  let stack = process.env.SWARMSTEAD_STACK ?? "dev";
  for (let at = 0; at < rest.length; ) {
    const word = rest[at] ?? "";
    const value = word.startsWith("--stack=") ? word.slice("--stack=".length) : rest[at + 1];
    if (word === "--" || COMMANDS[rest[0] ?? ""]?.passThrough === true) {
      break;
    }
    if (word !== "--stack" && !word.startsWith("--stack=")) {
      at += 1;
      continue;
    }
    if (value === undefined) {
      throw new UserError("--stack: its value is missing, for example --stack dev", 2);
    }
    stack = value;
    rest.splice(at, word === "--stack" ? 2 : 1);
  }
  return { stack, rest };
}

/** Runs a command so that a signal ends it in order, after what an interrupted run has left has ended. */
async function runCommand(command: Command, stack: string, call: Call): Promise<number> {
  const context = new Context(stack);
  const run = async (): Promise<number> => {
    if (command.acts) {
      await awaitOrphans(context.state);
    }
    return command.run(context, call);
  };
  if (command.acts || !command.inTerminal) {
    markRun(context.state);
  }
  const [name = ""] = command.usage.split(" ");
  const again = `./swarmstead ${name}${stack === "dev" ? "" : ` --stack ${stack}`}`;
  return command.inTerminal ? run() : interruption.guard(again, context.state, run);
}

async function run(argv: readonly string[]): Promise<number> {
  const { stack, rest } = splitGlobal(argv);
  const [name, ...words] = rest;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    process.stdout.write(USAGE);
    return name === undefined ? 2 : 0;
  }
  const command = COMMANDS[name];
  if (!command) {
    throw new UserError(`${name}: is no command; there are ${Object.keys(COMMANDS).join(", ")}`, 2);
  }
  if ((words[0] === "--help" || words[0] === "-h") && !(name === "pulumi")) {
    process.stdout.write(
      `./swarmstead ${command.usage}\n\n${command.summary}\n\n${command.details}\n`,
    );
    return 0;
  }
  if (command.passThrough) {
    return runCommand(command, stack, { operands: words, flags: new Set(), values: {} });
  }
  const { flags = [], options = [] } = command;
  const known: NonNullable<ParseArgsConfig["options"]> = {};
  for (const flag of flags) {
    known[flag] = { type: "boolean" };
  }
  for (const option of options) {
    known[option] = { type: "string", multiple: true };
  }
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({ args: words, options: known, allowPositionals: true });
  } catch (error) {
    const [reason = ""] = (error as Error).message.split(". ");
    throw new UserError(`${name}: ${reason}; see ./swarmstead ${name} --help`, 2);
  }
  const [least, most] = command.operands ?? [0, 0];
  const count = parsed.positionals.length;
  if (count < least || count > most) {
    throw new UserError(`${name}: call it as ./swarmstead ${command.usage}`, 2);
  }
  return runCommand(command, stack, {
    operands: parsed.positionals,
    flags: new Set(flags.filter((flag) => flag in parsed.values)),
    values: Object.fromEntries(
      options.map((option) => [option, (parsed.values[option] ?? []) as string[]]),
    ),
  });
}

run(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (error instanceof UserError || error instanceof ConfigError) {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = error instanceof UserError ? error.exitCode : 1;
      return;
    }
    // A fault of ours: the trace is for the report.
    process.stderr.write(
      `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exitCode = 1;
  },
);

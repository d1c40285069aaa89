import { parseArgs } from "node:util";
import { UserError } from "../components/lib/user-error";
import { ConfigError } from "../stacks/config";
import type { Command } from "./command";
import { Context } from "./context";
import { destroy } from "./destroy";
import { down } from "./down";
import { logs } from "./logs";
import { power } from "./power";
import { preview } from "./preview";
import { pulumi } from "./pulumi";
import { repair } from "./repair";
import { ssh } from "./ssh";
import { status } from "./status";
import { test } from "./test";
import { up } from "./up";

const COMMANDS: Readonly<Record<string, Command>> = {
  up,
  preview,
  status,
  repair,
  ssh,
  power,
  logs,
  down,
  destroy,
  pulumi,
  test,
};

const WIDTH = Math.max(...Object.values(COMMANDS).map(({ usage }) => usage.length)) + 2;

const USAGE = `./swarmstead COMMAND [--stack STACK] …: a private cloud of three machines

${Object.values(COMMANDS)
  .map(({ usage, summary }) => `  ${usage.padEnd(WIDTH)}${summary}`)
  .join("\n")}

  --stack STACK   the environment, described by Pulumi.<STACK>.yaml (default: dev); goes before the command's own words
  --help          this text, or a command's own after its name
`;

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
    return command.run(new Context(stack), { operands: words, flags: new Set() });
  }
  const options = Object.fromEntries(
    (command.flags ?? []).map((flag) => [flag, { type: "boolean" as const }]),
  );
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({ args: words, options, allowPositionals: true });
  } catch (error) {
    const [reason = ""] = (error as Error).message.split(". ");
    throw new UserError(`${name}: ${reason}; see ./swarmstead ${name} --help`, 2);
  }
  const [least, most] = command.operands ?? [0, 0];
  const count = parsed.positionals.length;
  if (count < least || count > most) {
    throw new UserError(`${name}: call it as ./swarmstead ${command.usage}`, 2);
  }
  return command.run(new Context(stack), {
    operands: parsed.positionals,
    flags: new Set(Object.keys(parsed.values)),
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

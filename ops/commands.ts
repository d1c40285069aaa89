import { adopt } from "./adopt";
import type { Command } from "./command";
import { destroy } from "./destroy";
import { doctor } from "./doctor";
import { down } from "./down";
import { logs } from "./logs";
import { power } from "./power";
import { preview } from "./preview";
import { pulumi } from "./pulumi";
import { recoveryKey } from "./recovery-key";
import { repair } from "./repair";
import { ssh } from "./ssh";
import { status } from "./status";
import { test } from "./test";
import { up } from "./up";

/** Every command by the name that it is called by, in the order in which the usage shows them. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  up,
  preview,
  status,
  doctor,
  repair,
  ssh,
  power,
  logs,
  down,
  destroy,
  "recovery-key": recoveryKey,
  adopt,
  pulumi,
  test,
};

const WIDTH = Math.max(...Object.values(COMMANDS).map(({ usage }) => usage.length)) + 2;

/** What `./swarmstead --help` prints. */
export const USAGE = `./swarmstead COMMAND [--stack STACK] …: a private cloud of three machines

${Object.values(COMMANDS)
  .map(({ usage, summary }) => `  ${usage.padEnd(WIDTH)}${summary}`)
  .join("\n")}

  --stack STACK   the environment, described by Pulumi.<STACK>.yaml (default: dev); goes before the command's own words
  --help          this text, or a command's own after its name
`;

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { writeWhole } from "../components/lib/write-whole";
import type { Command } from "./command";
import type { Context } from "./context";
import { openEngine } from "./engine";
import { runInTerminal } from "./terminal-program";

/** Takes the config that the user has just set back to the checkout's file; its salt stays where it is. */
function takeConfigBack(context: Context, workDir: string): void {
  const set = parseDocument(readFileSync(join(workDir, `Pulumi.${context.stack}.yaml`), "utf8"));
  const own = parseDocument(readFileSync(context.settingsFile, "utf8"));
  const wanted: unknown = set.toJS() as unknown;
  const config = (wanted as { config?: unknown }).config;
  if (JSON.stringify((own.toJS() as { config?: unknown }).config) !== JSON.stringify(config)) {
    own.set("config", own.createNode(config));
    writeWhole(context.settingsFile, own.toString({ lineWidth: 0 }));
    process.stderr.write(`Pulumi.${context.stack}.yaml: took over what was set\n`);
  }
}

/** `./swarmstead pulumi` */
export const pulumi: Command = {
  usage: "pulumi ARGS…",
  summary: "Pulumi's own CLI, with this stack's backend, passphrase and plugins",
  acts: true,
  details: "Exit code: the CLI's own.",
  passThrough: true,
  inTerminal: true,
  async run(context, { operands }) {
    const { cli, workDir, env } = await openEngine(context);
    const code = await runInTerminal(cli, operands, {
      cwd: workDir,
      env: { ...process.env, ...env },
    });
    if (operands[0] === "config" && code === 0) {
      takeConfigBack(context, workDir);
    }
    return code;
  },
};

import { existsSync } from "node:fs";
import { labStatus } from "../components/lab/lab-computer";
import { type ClusterStatus, judge } from "./cluster-status";
import type { Command } from "./command";
import type { Context } from "./context";
import { lookAtEntry } from "./entry-view";
import { renderEntry } from "./entry-ways";
import { lookAt, unseenView } from "./machine-view";
import { lookAtStorage, renderStorage } from "./storage-view";

/** How long the storage may take to tell of itself. */
const STORAGE_SECONDS = 30;
/** The same for all apps behind the entry, each of which has 10 s. */
const ENTRY_SECONDS = 30;

/** Looks at every machine at once and holds what is against the config. */
export async function readStatus(context: Context): Promise<ClusterStatus> {
  const config = context.config();
  const names = Object.keys(config.machines);
  const vms = context.isLab ? labStatus(context.state) : undefined;
  const running = (name: string): boolean =>
    !vms || vms.some((vm) => vm.name === name && vm.pid !== null);
  const known = existsSync(context.sshConfig);
  const looks = names.map((name) =>
    known && running(name) ? lookAt(context, name) : Promise.resolve(unseenView(name)),
  );
  const [views, storage, look] = await Promise.all([
    Promise.all(looks),
    lookAtStorage(context, STORAGE_SECONDS),
    lookAtEntry(context, ENTRY_SECONDS),
  ]);
  return judge(context.stack, config, views, vms, storage, look);
}

/** The status as a table for people. */
export function renderStatus(status: ClusterStatus): string {
  const { stack, platform, machines, services, storage, problems } = status;
  const lines = [`stack ${stack} on ${platform}`, ""];
  for (const { name, role, privateIp, reachable, swarm, ports } of machines) {
    const ways = Object.entries(ports ?? {}).map(([port, way]) => `${port} at ${way}`);
    const cells = [name.padEnd(16), role.padEnd(8), privateIp.padEnd(15)];
    lines.push(
      [...cells, reachable ? "answers " : "silent  ", swarm.padEnd(10), ways.join(", ")].join(" "),
    );
  }
  lines.push("");
  for (const { name, running, desired } of services) {
    lines.push(`${name.padEnd(24)} ${String(running)} of ${String(desired)} run`);
  }
  if (storage) {
    lines.push("", renderStorage(storage));
  }
  if (status.entry) {
    lines.push("", ...renderEntry(status));
  }
  lines.push("");
  for (const { where, what, cure } of problems) {
    lines.push(`problem: ${where}: ${what}`, `   cure: ${cure}`);
  }
  lines.push(problems.length === 0 ? "all well" : `${String(problems.length)} problem(s)`);
  return lines.join("\n");
}

/** `./swarmstead status` */
export const status: Command = {
  usage: "status [--json]",
  summary: "what runs, what does not, and what to do about it",
  details: `  --json   for scripts, as docs/status.schema.json describes it

Exit code: 0 where everything is as the config wants it, 1 where something is not.`,
  flags: ["json"],
  async run(context, { flags }) {
    const result = await readStatus(context);
    process.stdout.write(
      flags.has("json") ? `${JSON.stringify(result, null, 2)}\n` : `${renderStatus(result)}\n`,
    );
    return result.problems.length === 0 ? 0 : 1;
  },
};

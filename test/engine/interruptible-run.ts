import { join } from "node:path";
import { local } from "@pulumi/command";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import { UserError } from "../../components/lib/user-error";
import { cliInSession } from "../../ops/cli-session";
import { interruption } from "../../ops/interruption";
import { localBackendUrl, releaseStaleLocks } from "../../ops/local-backend";
import { runOperation } from "../../ops/operation";
import { awaitOrphans } from "../../ops/orphans";
import { clearPending } from "../../ops/pending-operations";
import { markRun } from "../../ops/run-processes";

// A launcher in small, as a process of its own that can be interrupted: `interruptible-run.ts up|destroy FOLDER CLI`
// under the real engine. The second of its resources runs what SECOND says.
const [verb, folder = "", cli = ""] = process.argv.slice(2);
const backend = join(folder, "state");
const workDir = join(folder, "project");
const env = {
  PATH: [join(__dirname, "../../tools/plugins/bin"), process.env.PATH ?? ""].join(":"),
  PULUMI_BACKEND_URL: localBackendUrl(backend),
  PULUMI_CONFIG_PASSPHRASE: "test",
  PULUMI_SKIP_UPDATE_CHECK: "true",
  PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
};

function program(): Promise<Record<string, unknown>> {
  const first = new local.Command("first", { create: `echo first >> ${folder}/log` });
  const create = process.env.SECOND ?? "true";
  const second = new local.Command("second", { create }, { dependsOn: first });
  return Promise.resolve({ done: second.stdout });
}

async function run(): Promise<number> {
  await awaitOrphans(folder);
  releaseStaleLocks(backend);
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: "test", projectName: "swarmstead", program },
    { workDir, pulumiCommand: await cliInSession(cli), envVars: env },
  );
  const owner = { stack: "test", backend, sshConfig: join(folder, "ssh", "config") };
  await clearPending(owner, { cli, workDir, env });
  if (verb === "destroy") {
    await runOperation("destroy", (options) => stack.destroy(options));
  } else {
    await runOperation("up", (options) => stack.up(options));
  }
  return 0;
}

markRun(folder);
interruption.guard(`./swarmstead ${verb ?? ""}`, folder, run).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = error instanceof UserError ? error.exitCode : 1;
  },
);

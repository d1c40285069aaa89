import { spawn } from "node:child_process";
import { join } from "node:path";

const GO_MODULE = join(__dirname, "../tools/pulumi");
const GO_PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/** Where Pulumi's installer begins; a network that refuses it is known by this within `PROBE_SECONDS`. */
const INSTALLER_URL = "https://get.pulumi.com/install.sh";
const PROBE_SECONDS = 20;
const INSTALL_SECONDS = 600;
const REPORT_SECONDS = 15;

/** Runs a long program, with the last words of its stderr as the error; `onLine` sees each line of it. */
function follow(
  command: readonly [string, ...string[]],
  options: { cwd: string; env?: Record<string, string>; timeoutSeconds?: number },
  onLine: (line: string) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const [program, ...args] = command;
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "ignore", "pipe"],
      ...(options.timeoutSeconds ? { timeout: options.timeoutSeconds * 1000 } : {}),
    });
    let tail: string[] = [];
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      const lines = text.split("\n").filter((line) => line.trim() !== "");
      lines.forEach(onLine);
      tail = [...tail, ...lines].slice(-3);
    });
    child.on("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "ENOENT" ? new Error(`there is no ${program} on PATH`) : error);
    });
    child.on("close", (code, signal) => {
      if (code === 0) {
        resolve();
        return;
      }
      reject(new Error(tail.join("; ") || `ended with ${signal ?? `code ${String(code)}`}`));
    });
  });
}

/**
 * Has the Automation API install Pulumi's CLI.
 *
 * @param home folder that gets `bin/pulumi` and what belongs to it
 * @throws {Error} if the installer cannot be reached or fails
 */
export async function installCli(
  home: string,
  version: string,
  progress: (text: string) => void,
): Promise<void> {
  progress(`asking Pulumi's installer for version ${version}`);
  const signal = AbortSignal.timeout(PROBE_SECONDS * 1000);
  const answer = await fetch(INSTALLER_URL, { signal }).catch((error: unknown) => {
    const { message, cause } = error as Error;
    throw new Error(`${INSTALLER_URL}: ${cause instanceof Error ? cause.message : message}`);
  });
  await answer.body?.cancel();
  if (!answer.ok) {
    throw new Error(`${INSTALLER_URL} answers ${String(answer.status)}`);
  }
  progress(`installing version ${version}`);
  // In a process of its own, since the SDK's installer knows neither a time limit nor a way to end it.
  const program = `
    const { createRequire } = require("node:module");
    const { SemVer } = createRequire(require.resolve("@pulumi/pulumi"))("semver");
    require("@pulumi/pulumi/automation").PulumiCommand
    .install({ root: process.argv[1], version: new SemVer(process.argv[2]) })
    .catch((error) => { console.error(error.message.trim().split("\\n").pop()); process.exit(1); })`;
  await follow(
    [process.execPath, "-e", program, home, version],
    { cwd: __dirname, timeoutSeconds: INSTALL_SECONDS },
    () => undefined,
  );
}

/**
 * Builds Pulumi's CLI from its Go module.
 *
 * @param home folder that gets `bin/pulumi`
 * @throws {Error} if Go is not there or a module cannot be had
 */
export async function buildCli(
  home: string,
  version: string,
  progress: (text: string) => void,
): Promise<void> {
  progress("building it from its Go module, which takes 2 to 5 minutes the first time");
  const flags = `-s -w -X ${VERSION_VARIABLE}=${version}`;
  const counts = { downloaded: 0, compiled: 0 };
  let reported = Date.now();
  await follow(
    [
      "go",
      "build",
      "-v",
      "-buildvcs=false",
      "-ldflags",
      flags,
      "-o",
      join(home, "bin/pulumi"),
      GO_PACKAGE,
    ],
    { cwd: GO_MODULE, env: { GOWORK: "off" } },
    (line) => {
      counts[line.startsWith("go: downloading ") ? "downloaded" : "compiled"] += 1;
      if (Date.now() - reported > REPORT_SECONDS * 1000) {
        reported = Date.now();
        const { downloaded, compiled } = counts;
        progress(
          `building: ${String(downloaded)} modules fetched, ${String(compiled)} packages compiled`,
        );
      }
    },
  );
}

import { spawn } from "node:child_process";
import { UserError } from "../../../components/lib/user-error";
import { interruption } from "../../../ops/interruption";
import { markRun } from "../../../ops/run-processes";

// A run as a process of its own: `guarded-run.ts operation|program STATE SCRIPT`. The script's end ends the run; an
// operation is one that is told of an interruption and ends the script by itself.
const [kind, state = "", script = ""] = process.argv.slice(2);

function runScript(signal?: AbortSignal): Promise<number> {
  const child = spawn("bash", ["-c", script], { stdio: "inherit", detached: true });
  signal?.addEventListener("abort", () => child.kill("SIGUSR1"));
  return new Promise((resolve) => {
    child.on("close", (code) => {
      resolve(code ?? 1);
    });
  });
}

markRun(state);
const run = (): Promise<number> =>
  kind === "operation" ? interruption.operate(runScript) : runScript();
interruption.guard("./swarmstead up", state, run, 1).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = error instanceof UserError ? error.exitCode : 1;
  },
);

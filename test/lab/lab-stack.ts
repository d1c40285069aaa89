import { execFile, execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseDocument } from "yaml";
import type { ClusterStatus } from "../../ops/cluster-status";
import { copyCheckout } from "../support/checkout";

/** What a call left behind. */
export interface CallResult {
  code: number;
  /** Both streams, as a terminal would show them. */
  text: string;
  stdout: string;
  seconds: number;
}

/**
 * A copy of the checkout with a lab of its own, driven by its commands as a user would.
 *
 * The copy holds what git tracks or would track; npm's packages are shared with the checkout.
 */
export class LabStack {
  public readonly folder = mkdtempSync(join(tmpdir(), "swarmstead-lab-"));

  public constructor() {
    copyCheckout(this.folder);
    this.git("init", "--quiet");
    this.git("add", "--all");
    this.git(
      "-c",
      "user.name=lab",
      "-c",
      "user.email=lab@example.invalid",
      "commit",
      "-qm",
      "copy",
    );
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        this.abandon();
      });
    }
  }

  /** An interrupted run leaves no lab behind, as one that ends by itself. */
  private abandon(): void {
    // Not to be interrupted by the same signal's second arrival, from the runner after the terminal.
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.on(signal, () => undefined);
    }
    // A command that runs at present may be in a group of its own, and destroy would wait for it in vain.
    for (const line of this.processes().filter((each) => each.includes("/ops/main.ts"))) {
      process.kill(Number.parseInt(line, 10), "SIGINT");
    }
    const words = ["destroy", "--yes"];
    const { status } = spawnSync("./swarmstead", words, { cwd: this.folder, stdio: "inherit" });
    if (status === 0) {
      this.remove();
    } else {
      process.stderr.write(
        `the lab in ${this.folder} is left; end it there by ./swarmstead destroy\n`,
      );
    }
    process.exit(130);
  }

  /** Runs `./swarmstead …`; never throws for an exit code. */
  public run(...words: string[]): Promise<CallResult> {
    return this.runWith("", ...words);
  }

  /** The same with something to read on stdin. */
  public runWith(input: string, ...words: string[]): Promise<CallResult> {
    return this.call("./swarmstead", words, input);
  }

  private call(program: string, words: readonly string[], input: string): Promise<CallResult> {
    const started = Date.now();
    return new Promise((done) => {
      const child = execFile(
        program,
        words,
        { cwd: this.folder, maxBuffer: 64 * 1024 * 1024 },
        (error, stdout, stderr) => {
          const code = error ? (typeof error.code === "number" ? error.code : 255) : 0;
          const seconds = (Date.now() - started) / 1000;
          done({ code, stdout, text: `${stdout}${stderr}`, seconds });
        },
      );
      child.stdin?.end(input);
    });
  }

  /** Runs a command that has to succeed. */
  public async must(...words: string[]): Promise<CallResult> {
    const result = await this.run(...words);
    if (result.code !== 0) {
      throw new Error(
        `./swarmstead ${words.join(" ")}: exit code ${String(result.code)}\n${result.text}`,
      );
    }
    return result;
  }

  /** Runs a root script on a machine; its output without the last line's end. */
  public async on(machine: string, script: string): Promise<string> {
    // Not by the launcher, whose start costs as much as the login.
    const words = ["-F", join(this.state, "ssh/config"), machine, "sudo bash -s"];
    const { code, stdout, text } = await this.call("ssh", words, script);
    if (code !== 0) {
      throw new Error(`${machine}: exit code ${String(code)}\n${text}`);
    }
    return stdout.trimEnd();
  }

  /** Folder of the stack's own files. */
  public get state(): string {
    return join(this.folder, ".swarmstead/dev");
  }

  /** Waits on a machine until a condition holds there, at most a minute. */
  public async until(machine: string, condition: string): Promise<void> {
    await this.on(
      machine,
      `for _ in $(seq 60); do if ${condition}; then exit 0; fi; sleep 1; done; exit 1`,
    );
  }

  /** What `status --json` says. */
  public async status(): Promise<ClusterStatus> {
    const { stdout } = await this.run("status", "--json");
    return JSON.parse(stdout) as ClusterStatus;
  }

  /** Changes a file of the copy. */
  public edit(file: string, change: (text: string) => string): void {
    const path = join(this.folder, file);
    writeFileSync(path, change(readFileSync(path, "utf8")));
  }

  /** Writes a new file of the copy. */
  public write(file: string, text: string): void {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    writeFileSync(join(this.folder, file), text);
  }

  /** Changes a value of the environment's file; `undefined` removes it. */
  public configure(path: readonly string[], value: unknown): void {
    this.edit("Pulumi.dev.yaml", (text) => {
      const document = parseDocument(text);
      const whole = ["config", "swarmstead:cluster", ...path];
      if (value === undefined) {
        document.deleteIn(whole);
      } else {
        document.setIn(whole, document.createNode(value));
      }
      return document.toString();
    });
  }

  /** Runs git in the copy. */
  public git(...words: string[]): string {
    return execFileSync("git", words, { cwd: this.folder, encoding: "utf8" });
  }

  /** Processes of this computer that belong to the copy, a line each. */
  public processes(): string[] {
    const all = execFileSync("ps", ["-eo", "pid,args", "-ww"], { encoding: "utf8" }).split("\n");
    return all.filter((line) => line.includes(this.folder));
  }

  /** Deletes the copy; the lab must have been destroyed before. */
  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

import { execFile, execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseDocument } from "yaml";
import type { ClusterStatus } from "../../ops/cluster-status";

const CHECKOUT = resolve(__dirname, "../..");

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
    const files = execFileSync("git", ["ls-files", "-z", "-co", "--exclude-standard"], {
      cwd: CHECKOUT,
      encoding: "utf8",
    });
    for (const file of files.split("\0").filter(Boolean)) {
      mkdirSync(dirname(join(this.folder, file)), { recursive: true });
      cpSync(join(CHECKOUT, file), join(this.folder, file), { preserveTimestamps: true });
    }
    symlinkSync(join(CHECKOUT, "node_modules"), join(this.folder, "node_modules"));
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
  }

  /** Runs `./swarmstead …`; never throws for an exit code. */
  public run(...words: string[]): Promise<CallResult> {
    return this.runWith("", ...words);
  }

  /** The same with something to read on stdin. */
  public runWith(input: string, ...words: string[]): Promise<CallResult> {
    const started = Date.now();
    return new Promise((done) => {
      const child = execFile(
        "./swarmstead",
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
    const { code, stdout, text } = await this.runWith(script, "ssh", machine, "sudo bash -s");
    if (code !== 0) {
      throw new Error(`${machine}: exit code ${String(code)}\n${text}`);
    }
    return stdout.trimEnd();
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

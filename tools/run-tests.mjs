// Runs the tests and sums them up: node tools/run-tests.mjs [quick|lab] [words for the runner…]
//
// quick: everything that needs no VM, by jest and bats. lab: the real cluster on VMs, by Node's own test runner, which
// shows each test as it ends; with --campaign those that take long, too; with --storage=KIND those of that kind alone; with
// --entry those of the entry alone.
// The last line is "N passed, N failed", with ", N skipped" where some were. Exit code: 0 where all passed.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = resolve(fileURLToPath(import.meta.url), "../..");
const QUICK_LIMIT_SECONDS = 10 * 60;
const LAB_LIMIT_SECONDS = 70 * 60;
const CAMPAIGN_LIMIT_SECONDS = 12 * 60 * 60;
/** An environment of its own, which there is no time for beside the others. */
const ENTRY_TESTS = "entry.test.ts";
/** Words that are not for Node's runner. */
const OWN_WORDS = /^--(?:campaign|entry|storage=.*)$/;

const children = new Set();

function endChildren(signal) {
  for (const child of children) {
    try {
      process.kill(-child.pid, signal);
    } catch {
      // It has ended by itself.
    }
  }
}

/** Runs a program in a group of its own, so that all of it can be ended; gives its exit code. */
function run(name, command, words, limitSeconds, stdout) {
  return new Promise((done) => {
    const stdio = ["ignore", stdout ? "pipe" : "inherit", "inherit"];
    const child = spawn(command, words, { cwd: ROOT, stdio, detached: true });
    children.add(child);
    const limit = setTimeout(() => {
      console.error(`${name}: not done after ${limitSeconds} s; ended`);
      endChildren("SIGKILL");
    }, limitSeconds * 1000);
    child.stdout?.setEncoding("utf8").on("data", stdout);
    child.on("error", (error) => {
      console.error(`${name}: ${error.message}`);
    });
    child.on("close", (code) => {
      clearTimeout(limit);
      children.delete(child);
      done(code ?? 1);
    });
  });
}

/** What jest found. A file that does not even load counts as one failure. */
async function runJest(more) {
  const folder = mkdtempSync(join(tmpdir(), "swarmstead-test-"));
  const report = join(folder, "jest.json");
  const jest = join(ROOT, "node_modules", ".bin", "jest");
  const flags = ["--json", "--outputFile", report, "--passWithNoTests=false", ...more];
  try {
    const code = await run(
      "jest",
      process.execPath,
      [jest, ...flags],
      QUICK_LIMIT_SECONDS,
      () => {},
    );
    let found;
    try {
      found = JSON.parse(readFileSync(report, "utf8"));
    } catch {
      return { passed: 0, failed: 1, skipped: [] };
    }
    const failed = found.numFailedTests + found.numRuntimeErrorTestSuites;
    const skipped = found.testResults.flatMap(({ name, assertionResults }) =>
      assertionResults
        .filter(({ status }) => status !== "passed" && status !== "failed")
        .map(({ fullName }) => `${name.slice(ROOT.length + 1)}: ${fullName}`),
    );
    return {
      passed: found.numPassedTests,
      failed: code === 0 ? failed : Math.max(failed, 1),
      skipped,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a TAP text says, of the tests of the outermost level. What was planned and said nothing has failed too. */
function readTap(text, code, file) {
  const lines = text.split("\n");
  const planned = Number(/^1\.\.(\d+)/m.exec(text)?.[1] ?? 0);
  const skipped = lines.filter((line) => /^(not )?ok \d+ .*# (skip|todo)/i.test(line));
  const passed = lines.filter((line) => /^ok \d+ /.test(line) && !skipped.includes(line)).length;
  const bad = lines.filter((line) => /^not ok /.test(line) && !skipped.includes(line)).length;
  const failed = Math.max(planned - passed - skipped.length, bad);
  return {
    passed,
    failed: code === 0 && planned > 0 ? failed : Math.max(failed, 1),
    skipped: skipped.map((line) => `${file}: ${line.replace(/^(not )?ok \d+ (- )?/, "")}`),
  };
}

/** What bats found. Its output is held back until jest's has ended, so that the two do not mix. */
async function runBats() {
  let text = "";
  const bats = join(ROOT, "node_modules", "bats", "bin", "bats");
  const words = ["--formatter", "tap", join(ROOT, "test", "shell")];
  const code = await run("bats", bats, words, QUICK_LIMIT_SECONDS, (part) => {
    text += part;
  });
  const faults = text.split("\n").filter((line) => /^(not ok|#|Bail out!)/.test(line));
  return { ...readTap(text, code, "test/shell"), text: faults.join("\n") };
}

/** What the lab's tests found. */
async function runLab(more) {
  const kind = more.find((word) => word.startsWith("--storage="))?.slice("--storage=".length);
  const onlyEntry = more.includes("--entry");
  const isCampaign = more.includes("--campaign");
  const isLong = isCampaign || onlyEntry || kind !== undefined;
  const limit = isLong ? CAMPAIGN_LIMIT_SECONDS : LAB_LIMIT_SECONDS;
  if (isCampaign) process.env.SWARMSTEAD_CAMPAIGN = "yes";
  if (onlyEntry) process.env.SWARMSTEAD_ENTRY = "yes";
  if (kind !== undefined) process.env.SWARMSTEAD_STORAGE = kind;
  process.env.SWARMSTEAD_LAB_STARTED = String(Date.now());
  const folder = mkdtempSync(join(tmpdir(), "swarmstead-test-"));
  const report = join(folder, "lab.tap");
  const tests = join(ROOT, "test", "lab");
  const only = onlyEntry ? ENTRY_TESTS : kind === undefined ? undefined : "storage.test.ts";
  const files = readdirSync(tests).filter((file) =>
    only === undefined
      ? file.endsWith(".test.ts") && (isCampaign || file !== ENTRY_TESTS)
      : file === only,
  );
  if (files.length === 0) {
    throw new Error("test/lab: holds no *.test.ts file");
  }
  const words = [
    ...["--import", "tsx", "--test", "--test-concurrency=1"],
    ...["--test-reporter=spec", "--test-reporter-destination=stdout"],
    ...["--test-reporter=tap", `--test-reporter-destination=${report}`],
    ...more.filter((word) => !OWN_WORDS.test(word)),
    ...files.map((file) => join(tests, file)),
  ];
  try {
    const code = await run("lab", process.execPath, words, limit);
    const found = readTap(readFileSync(report, "utf8"), code, "test/lab");
    const leftOut = isLong
      ? []
      : [`test/lab/${ENTRY_TESTS}: takes long; ./swarmstead test lab --entry runs it`];
    return { ...found, skipped: [...found.skipped, ...leftOut] };
  } catch (error) {
    console.error(`lab: ${error.message}`);
    return { passed: 0, failed: 1, skipped: [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main([suite = "quick", ...more]) {
  if (suite !== "quick" && suite !== "lab") {
    throw new Error(`must be quick or lab, got ${suite}`);
  }
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      endChildren(signal);
    });
  }
  const results =
    suite === "lab" ? [await runLab(more)] : await Promise.all([runJest(more), runBats()]);
  for (const { text } of results) {
    if (text) {
      console.log(`\nbats:\n${text}`);
    }
  }
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const skipped = results.flatMap((result) => result.skipped);
  for (const name of skipped) {
    console.log(`SKIPPED ${name}`);
  }
  const counts = [`${sum("passed")} passed`, `${sum("failed")} failed`];
  console.log([...counts, ...(skipped.length > 0 ? [`${skipped.length} skipped`] : [])].join(", "));
  process.exitCode = sum("failed") === 0 && sum("passed") > 0 ? 0 : 1;
}

main(process.argv.slice(2)).catch((error) => {
  console.error(`run-tests: ${error.message}`);
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
});

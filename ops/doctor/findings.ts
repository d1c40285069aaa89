import type { ClusterConfig } from "../../stacks/config";
import type { Problem } from "../cluster-status";
import type { Difference, MachineFacts } from "./examination";

/** Raft and TLS bear more, but logs, tokens and Ceph's monitors do not: 0.05 s is Ceph's own limit, far below it. */
const CLOCK_SECONDS = 2;
const LEAST_FREE_MIB = 512;
const LEAST_FREE_PERCENT = 5;

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Machines whose clock is not that of the others; this computer has a vote, too. */
function clockFindings(facts: readonly MachineFacts[]): Problem[] {
  const known = facts.filter(({ clockAhead }) => clockAhead !== undefined);
  const right = median([0, ...known.map(({ clockAhead = 0 }) => clockAhead)]);
  return known.flatMap(({ view, clockAhead = 0 }) => {
    const off = clockAhead - right;
    if (Math.abs(off) <= CLOCK_SECONDS) {
      return [];
    }
    const what = `its clock is ${Math.abs(off).toFixed(0)} s ${off > 0 ? "ahead of" : "behind"} the others`;
    const cure = `./swarmstead ssh ${view.name} sudo systemctl restart chrony, which sets it at once`;
    return [{ where: view.name, what, cure }];
  });
}

function diskFindings({ view, disks, unwritable }: MachineFacts): Problem[] {
  const where = view.name;
  if (unwritable !== undefined && unwritable !== "No space left on device") {
    const cure = `./swarmstead ssh ${where} sudo dmesg, which says why; a disk that is well is writable again after a start`;
    return [{ where, what: `nothing can be written to its disk: ${unwritable}`, cure }];
  }
  return disks
    .filter(
      ({ freeMiB, usedPercent }) =>
        freeMiB < LEAST_FREE_MIB || usedPercent > 100 - LEAST_FREE_PERCENT,
    )
    .map(({ mount, freeMiB, usedPercent }) => ({
      where,
      what: `${mount} is full: ${String(freeMiB)} MiB are free, ${String(usedPercent)} % are used`,
      cure: `./swarmstead ssh ${where} sudo docker system df, or sudo du -xh ${mount} | sort -h | tail: remove what is not needed`,
    }));
}

function memberFindings(facts: MachineFacts, config: ClusterConfig): Problem[] {
  const where = facts.view.name;
  const missing = Object.entries(config.machines).filter(
    ([name, { address }]) => facts.members[name] !== address,
  );
  const strangers = Object.keys(facts.members).filter((name) => !(name in config.machines));
  return [
    ...missing.map(([name, { address, role }]) => ({
      where,
      what: `does not know ${name} by its address ${address}`,
      cure: "./swarmstead repair",
      repair: role === "manager" ? where : name,
    })),
    ...strangers.map((name) => ({
      where,
      what: `knows ${name}, which is not in the config`,
      cure: `./swarmstead ssh ${where} sudo rm /etc/swarmstead/members/${name}, then ./swarmstead repair`,
    })),
  ];
}

function slowFinding({ view }: MachineFacts): Problem {
  const what = "answers too slowly to be examined to the end";
  const cure = `./swarmstead ssh ${view.name} top -b -n1 | head -15, which says what keeps it busy; then ./swarmstead doctor --timeout 120`;
  return { where: view.name, what, cure };
}

/** What the checks of a machine's steps found; running those steps again mends it. */
export function differenceFindings(
  differences: readonly Difference[],
  machines: readonly string[],
): Problem[] {
  return differences.map(({ step, what }) => {
    const machine = machines.find((name) => step.startsWith(`${name}-`));
    const where = machine ?? step.replace(/-(deploy|settings)$/, "");
    return { where, what, cure: "./swarmstead repair", repair: machine ?? step };
  });
}

/** What is wrong with the machines themselves, beside their place in the swarm. */
export function machineFindings(facts: readonly MachineFacts[], config: ClusterConfig): Problem[] {
  const names = Object.keys(config.machines);
  const answering = facts.filter(({ view }) => view.reachable);
  return [
    ...clockFindings(answering),
    ...answering.flatMap((fact) => [
      ...diskFindings(fact),
      ...(fact.complete ? memberFindings(fact, config) : [slowFinding(fact)]),
      ...differenceFindings(fact.differences, names),
    ]),
  ];
}

import type { VmStatus } from "../components/lab/lab-computer";
import type { ClusterConfig } from "../stacks/config";
import type { MachineView, NodeView, ServiceView } from "./machine-view";

/** A machine's place in the swarm. */
export type SwarmPlace = "leader" | "reachable" | "worker" | "down" | "absent";

/** What `./swarmstead status --json` prints; `docs/status.schema.json` describes it. */
export interface ClusterStatus {
  stack: string;
  platform: string;
  machines: MachineStatus[];
  services: ServiceView[];
  /** Empty where everything is as it should be. */
  problems: Problem[];
}

/** One machine of the config. */
export interface MachineStatus {
  name: string;
  role: "manager" | "worker";
  privateIp: string;
  /** Whether SSH answers. */
  reachable: boolean;
  swarm: SwarmPlace;
  /** Process of the VM; lab only, `null` while it does not run. */
  pid?: number | null;
  /** Port of the machine to where this computer reaches it, `127.0.0.1:<port>`; lab only. */
  ports?: Record<string, string>;
}

/** Something that is not as it should be. */
export interface Problem {
  /** The machine, service or part. */
  where: string;
  what: string;
  /** What to do about it. */
  cure: string;
}

function place(node: NodeView | undefined): SwarmPlace {
  if (!node) {
    return "absent";
  }
  if (node.status !== "ready" || node.manager === "unreachable") {
    return "down";
  }
  return node.manager === "" ? "worker" : node.manager === "leader" ? "leader" : "reachable";
}

function machineProblems(machine: MachineStatus, view: MachineView | undefined): Problem[] {
  const where = machine.name;
  if (machine.pid === null) {
    return [{ where, what: "its VM does not run", cure: `./swarmstead power on ${where}` }];
  }
  if (!machine.reachable) {
    const what = `does not answer by SSH: ${view?.error ?? ""}`;
    return [
      { where, what, cure: "wait where it is booting; else see its console, or start it again" },
    ];
  }
  if (machine.swarm === "absent" || machine.swarm === "down") {
    const what = `is ${machine.swarm} in the swarm; its Docker says: ${view?.swarmState || "nothing"}`;
    return [
      { where, what, cure: `./swarmstead up; if it stays, journalctl -u docker -n 50 on ${where}` },
    ];
  }
  if (machine.role !== (machine.swarm === "worker" ? "worker" : "manager")) {
    const what = `is a ${machine.role} in the config, but not in the swarm`;
    return [
      {
        where,
        what,
        cure: `docker node ${machine.role === "manager" ? "promote" : "demote"} ${where}`,
      },
    ];
  }
  return [];
}

/**
 * What is, held against what the config wants.
 *
 * @param views every machine of the config, looked at just now
 * @param vms the lab's VMs; absent on other platforms
 */
export function judge(
  stack: string,
  config: ClusterConfig,
  views: readonly MachineView[],
  vms?: readonly VmStatus[],
): ClusterStatus {
  const eye = views.find(({ nodes }) => nodes.length > 0);
  const machines = Object.entries(config.machines).map(([name, { role, address }]) => {
    const vm = vms?.find((candidate) => candidate.name === name);
    return {
      name,
      role,
      privateIp: address,
      reachable: views.some((view) => view.name === name && view.reachable),
      swarm: place(eye?.nodes.find(({ hostname }) => hostname === name)),
      ...(vms ? { pid: vm?.pid ?? null, ports: vm?.ports ?? {} } : {}),
    };
  });

  const problems = machines.flatMap((machine) =>
    machineProblems(
      machine,
      views.find(({ name }) => name === machine.name),
    ),
  );
  if (!eye) {
    const cure = "bring back the managers that do not answer; two of three are enough";
    problems.push({ where: "swarm", what: "no manager has a quorum", cure });
  }
  for (const { hostname, status } of eye?.nodes ?? []) {
    if (!(hostname in config.machines)) {
      const what = `is a node of the swarm (${status}), but not in the config`;
      problems.push({ where: hostname, what, cure: `docker node rm ${hostname}` });
    }
  }
  for (const { hostname, availability } of eye?.nodes ?? []) {
    if (availability !== "active") {
      const cure = `docker node update --availability active ${hostname}`;
      problems.push({ where: hostname, what: `takes no tasks: ${availability}`, cure });
    }
  }
  const services = [...(eye?.services ?? [])];
  for (const { name, running, desired } of services) {
    if (running !== desired) {
      const cure = `docker service ps --no-trunc ${name}`;
      problems.push({
        where: name,
        what: `${String(running)} of ${String(desired)} tasks run`,
        cure,
      });
    }
  }
  for (const app of Object.keys(config.apps)) {
    if (eye && !services.some(({ name }) => name.startsWith(`${app}_`))) {
      problems.push({ where: app, what: "is not deployed", cure: "./swarmstead up" });
    }
  }
  return { stack, platform: config.platform.kind, machines, services, problems };
}

import type { MachineStatus, Problem } from "./cluster-status";
import type { MachineView, NodeView } from "./machine-view";

/** Why a machine that answers is no good member of the swarm. */
function memberProblem(
  { name, swarm }: MachineStatus,
  view: MachineView | undefined,
  eye: MachineView | undefined,
): Problem {
  const { swarmState = "", swarmError = "", clusterId = "" } = view ?? {};
  const says = swarmError === "" ? swarmState : `${swarmState}: ${swarmError}`;
  if (swarmState === "") {
    const what = "its Docker does not answer";
    return { where: name, what, cure: "./swarmstead repair", repair: name };
  }
  if (eye && clusterId !== "" && clusterId !== eye.clusterId) {
    const what = "is in another swarm than the other machines";
    const cure = `./swarmstead ssh ${name} sudo docker swarm leave --force, which ends what runs in that swarm; then ./swarmstead repair`;
    return { where: name, what, cure };
  }
  if (swarm === "down" && swarmState === "active") {
    const what = "is a member by its own word, but the managers do not hear of it";
    const cure = `wait where it has just started; else ./swarmstead repair, which restarts its Docker; where that does not help, see whether the other nodes reach it`;
    return { where: name, what, cure, repair: name };
  }
  const what = `is ${swarm} in the swarm; its Docker says: ${says}`;
  return { where: name, what, cure: "./swarmstead repair", repair: name };
}

/**
 * What is wrong with a machine as a member of the environment; one thing, from which the others follow.
 *
 * @param eye the manager whose view of the swarm counts
 */
export function machineProblems(
  machine: MachineStatus,
  view: MachineView | undefined,
  eye: MachineView | undefined,
): Problem[] {
  const where = machine.name;
  if (machine.pid === null) {
    return [{ where, what: "its VM does not run", cure: `./swarmstead power on ${where}` }];
  }
  if (view?.error.includes("Host key verification failed")) {
    const what = "shows another host key than the one that is pinned; nothing was sent to it";
    const cure = `find out who answers at its address; where it was rebuilt by hand, raise machines.${where}.generation`;
    return [{ where, what, cure }];
  }
  if (!machine.reachable) {
    const what = `does not answer by SSH: ${view?.error ?? ""}`;
    return [
      { where, what, cure: "wait where it is booting; else see its console, or start it again" },
    ];
  }
  if (view?.swarmState === "unknown" || (!eye && view?.swarmState === "active")) {
    // That it was too slow to be asked, or that the swarm has no quorum, is told elsewhere.
    return [];
  }
  if (machine.swarm === "absent" || machine.swarm === "down") {
    return [memberProblem(machine, view, eye)];
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

/** The manager whose view counts: of the swarm that most machines are in, one that sees its nodes. */
export function findEye(views: readonly MachineView[]): MachineView | undefined {
  const seeing = views.filter(({ nodes }) => nodes.length > 0);
  const members = (eye: MachineView): number =>
    views.filter(({ nodeId }) => eye.nodes.some(({ id }) => id === nodeId)).length;
  return seeing.sort((one, other) => members(other) - members(one))[0];
}

/** The node of a machine; one that was rebuilt left a second under its name, which is down for ever. */
export function findNode(
  eye: MachineView | undefined,
  view: MachineView | undefined,
  name: string,
): NodeView | undefined {
  const named = eye?.nodes.filter(({ hostname }) => hostname === name) ?? [];
  return (
    named.find(({ id }) => id === view?.nodeId) ??
    named.find(({ status }) => status === "ready") ??
    named[0]
  );
}

/** Nodes that no machine stands behind. */
export function nodeProblems(
  machines: readonly MachineStatus[],
  eye: MachineView,
  views: readonly MachineView[],
): Problem[] {
  return eye.nodes.flatMap((node) => {
    const { id, hostname, status } = node;
    if (!machines.some(({ name }) => name === hostname)) {
      const what = `is a node of the swarm (${status}), but not in the config`;
      return [{ where: hostname, what, cure: `docker node rm ${hostname}` }];
    }
    const view = views.find(({ name }) => name === hostname);
    if (findNode(eye, view, hostname) !== node) {
      const what = `left a node behind in the swarm (${id}, ${status}) when it was rebuilt`;
      return [{ where: hostname, what, cure: "./swarmstead repair", repair: hostname }];
    }
    if (node.availability !== "active") {
      const cure = `docker node update --availability active ${hostname}`;
      return [{ where: hostname, what: `takes no tasks: ${node.availability}`, cure }];
    }
    return [];
  });
}

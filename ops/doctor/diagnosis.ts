import type { Deployment } from "@pulumi/pulumi/automation";
import { labStatus } from "../../components/lab/lab-computer";
import { managerAlias } from "../../components/lib/ssh-config";
import { callCli } from "../cli-call";
import { type ClusterStatus, judge } from "../cluster-status";
import type { Context } from "../context";
import type { Engine } from "../engine";
import { type EntryLook, lookAtEntry } from "../entry-view";
import { unseenView } from "../machine-view";
import { lookAtStorage, type StorageStatus } from "../storage-view";
import { listSteps, type StoredStep } from "../stored-steps";
import { checkOnManager, type Difference, examine, type MachineFacts } from "./examination";
import { differenceFindings, machineFindings } from "./findings";

/** The stack's stored state, secrets shown; for this process alone. */
export async function exportState(engine: Engine, stack: string): Promise<Deployment> {
  const stdout = await callCli(engine, ["stack", "export", "--show-secrets", "--stack", stack]);
  return JSON.parse(stdout) as Deployment;
}

/**
 * Looks at everything at once: the machines, their place in the swarm, their files and daemons, and what runs in the
 * swarm; held against the config and the steps that were made of it. Changes nothing.
 *
 * @param steps the stack's stored steps
 * @param limitSeconds for each machine; one that needs longer is a finding
 * @returns the status, with every finding and its cure among its problems
 */
export async function diagnose(
  context: Context,
  steps: readonly StoredStep[],
  limitSeconds: number,
): Promise<ClusterStatus> {
  const config = context.config();
  const vms = context.isLab ? labStatus(context.state) : undefined;
  const isOff = (name: string): boolean =>
    vms?.find((vm) => vm.name === name)?.pid === null ||
    vms?.every((vm) => vm.name !== name) === true;
  const awake = Object.keys(config.machines).filter((name) => !isOff(name));
  const own = (name: string): StoredStep[] => steps.filter(({ machine }) => machine === name);
  const alias = managerAlias(context.stack);
  const [facts, onManager, storage, look] = await Promise.all([
    Promise.all(awake.map((name) => examine(context, name, own(name), limitSeconds))),
    checkOnManager(
      context,
      alias,
      steps.filter(({ runsOn }) => runsOn === "manager"),
      limitSeconds,
    ),
    lookAtStorage(context, limitSeconds),
    lookAtEntry(context, limitSeconds),
  ]);
  return judgeAll(context, facts, onManager, storage, look);
}

function judgeAll(
  context: Context,
  facts: readonly MachineFacts[],
  differences: readonly Difference[],
  storage: StorageStatus | undefined,
  look: EntryLook | undefined,
): ClusterStatus {
  const config = context.config();
  const names = Object.keys(config.machines);
  const views = names.map(
    (name) => facts.find(({ view }) => view.name === name)?.view ?? unseenView(name),
  );
  const vms = context.isLab ? labStatus(context.state) : undefined;
  const status = judge(context.stack, config, views, vms, storage, look);
  const found = [
    ...status.problems,
    ...machineFindings(facts, config),
    ...differenceFindings(differences, names),
  ];
  // A hung Docker is seen from two sides.
  const problems = found.filter(
    ({ where, what }, at) =>
      found.findIndex((other) => other.where === where && other.what === what) === at,
  );
  return { ...status, problems };
}

/** The stored steps of a stack. */
export async function storedSteps(context: Context, engine: Engine): Promise<StoredStep[]> {
  return listSteps(
    await exportState(engine, context.stack),
    Object.keys(context.config().machines),
  );
}

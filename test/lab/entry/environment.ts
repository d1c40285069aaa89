import { outsideNetwork } from "../../../components/lab/addresses";
import { managerAlias } from "../../../components/lib/ssh-config";
import type { ClusterStatus } from "../../../ops/cluster-status";
import type { LabStack } from "../lab-stack";
import type { LoadSettings } from "../visitor-load";

/** The environment that is tried, as its file has it. */
export const EXAMPLE = "examples/entry.yaml";
export const MACHINES: readonly string[] = ["node1", "node2", "node3"];
export const ADDRESS = "10.77.0.10";
export const DOMAIN = "swarm.test";
export const HOST = `whoami.${DOMAIN}`;
/** Where the machines' way out begins, and the visitor's address. */
export const { gateway: GATEWAY, visitor: VISITOR } = outsideNetwork("10.77.0.0/24");
/** Leads to any live manager. */
export const MANAGER = managerAlias("dev");

/** Whom everybody asks: the app by its name, through the address. */
export const THROUGH_ADDRESS: LoadSettings = {
  targets: [{ url: `https://${HOST}/`, address: ADDRESS }],
  rate: Number(process.env.SWARMSTEAD_LOAD_RATE ?? 20),
  timeoutSeconds: 3,
  retries: 1,
};

/** What `status --json` says of the entry. */
interface EntryStatus {
  address: string;
  holder: string | null;
  http: string;
  https: string;
}

interface AppStatus {
  name: string;
  host: string;
  protected: boolean;
  ok: boolean;
}

/** What `status --json` says of an environment with an entry. */
export async function statusWithEntry(
  lab: LabStack,
): Promise<ClusterStatus & { entry: EntryStatus; apps: AppStatus[] }> {
  const status = (await lab.status()) as ClusterStatus & {
    entry?: EntryStatus;
    apps?: AppStatus[];
  };
  const { entry, apps } = status;
  if (!entry || !apps) {
    throw new Error(`status --json: tells of no entry: ${JSON.stringify(status)}`);
  }
  return { ...status, entry, apps };
}

/** The machines that hold the address; every one is asked. */
export async function holdersNow(lab: LabStack): Promise<string[]> {
  const answers = await Promise.all(
    MACHINES.map(async (name) => [name, await lab.on(name, `ip -o addr show to ${ADDRESS}`)]),
  );
  return answers.flatMap(([name = "", said]) => (said === "" ? [] : [name]));
}

/** A service of the entry, and where its tasks run. */
export interface EntryService {
  name: string;
  nodes: string[];
}

/**
 * The service of an image, whatever it is called.
 *
 * @param image without its tag
 */
export async function findService(lab: LabStack, image: string): Promise<EntryService> {
  const name = await lab.on(
    MANAGER,
    `docker service ls --format '{{.Name}} {{.Image}}' | awk 'index($2, "${image}:") == 1 { print $1 }'`,
  );
  if (!/^\S+$/.test(name)) {
    throw new Error(`swarm: must have one service of ${image}, got ${name === "" ? "none" : name}`);
  }
  const tasks = await lab.on(
    MANAGER,
    `docker service ps ${name} --filter desired-state=running --format '{{.Node}}' | sort -u`,
  );
  return { name, nodes: tasks.split("\n").filter(Boolean) };
}

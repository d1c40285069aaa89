import { setTimeout as sleep } from "node:timers/promises";
import type { LabStack } from "../lab-stack";
import { HOST, holdersNow, MANAGER } from "./environment";
import { curlOnVisitor } from "./visitor";

const LIMIT_SECONDS = 420;

/** Prints what is not at rest yet: nodes, services, and two replicas of the app on one node. */
const UNREST = `
docker node ls --format '{{.Hostname}} {{.Status}} {{.Availability}}' | grep -v ' Ready Active$'
docker service ls --format '{{.Name}} {{.Replicas}}' | awk '{ split($2, count, "/"); if (count[1] != count[2] || count[1] == 0) print }'
docker service ps whoami_whoami --filter desired-state=running --format 'both replicas on {{.Node}}' | sort | uniq -d
exit 0
`;

/** Swarm moves nothing back by itself. */
const SPREAD = "docker service update --force --quiet whoami_whoami >/dev/null";

/**
 * The one machine that holds the address, where all is as it should be.
 *
 * @throws {Error} that says what is not
 */
async function holderAtRest(lab: LabStack): Promise<string> {
  const unrest = await lab.on(MANAGER, UNREST);
  if (/^both replicas on \S+$/.test(unrest)) {
    await lab.on(MANAGER, SPREAD);
  }
  const holders = await holdersNow(lab);
  const said = await curlOnVisitor(
    lab,
    HOST,
    "/",
    ...["--output", "/dev/null", "--write-out", "%{http_code}"],
  );
  const [holder] = holders;
  if (unrest !== "" || holder === undefined || holders.length > 1 || said !== "200") {
    throw new Error(`${unrest}\nheld by: ${holders.join(", ")}; ${HOST}: ${said}`);
  }
  return holder;
}

/** Waits until all is as it should be before a fault, the app's replicas on different nodes; gives who holds the address. */
export async function settle(lab: LabStack): Promise<string> {
  const began = Date.now();
  let found: string | undefined;
  for (;;) {
    const before = found;
    let why = "";
    // A machine that boots does not answer yet.
    found = await holderAtRest(lab).catch((error: unknown) => {
      why = String(error);
      return undefined;
    });
    // Twice in a row: a service may count a task that is about to go.
    if (found !== undefined && found === before) {
      return found;
    }
    if (Date.now() - began > LIMIT_SECONDS * 1000) {
      throw new Error(`not at rest after ${String(LIMIT_SECONDS)} s: ${why}`);
    }
    await sleep(2000);
  }
}

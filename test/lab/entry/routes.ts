import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { quote } from "../../../components/lib/shell";
import type { LabStack } from "../lab-stack";
import { say } from "../say";
import { DOMAIN, MANAGER } from "./environment";
import { curlOnVisitor } from "./visitor";

const APPEAR_SECONDS = 120;
const ROUTER = "traefik.http.routers.another";

/**
 * The app gets a second name, which is served soon, and loses it again; gives after how many seconds it was. In the clear, as
 * the certificate does not know the name.
 */
export async function newRoute(lab: LabStack): Promise<number> {
  const host = `another.${DOMAIN}`;
  const update = (...changes: readonly string[]): Promise<string> =>
    lab.on(
      MANAGER,
      `docker service update --detach --quiet ${changes.map(quote).join(" ")} whoami_whoami >/dev/null`,
    );
  const rule = `${ROUTER}.rule=Host(\`${host}\`)`;
  await update("--label-add", rule, "--label-add", `${ROUTER}.entrypoints=web`);
  const began = Date.now();
  const seconds = (): number => (Date.now() - began) / 1000;
  try {
    let said = "";
    while (!said.includes("Hostname: ")) {
      assert.ok(seconds() < APPEAR_SECONDS, `${host}: ${said}`);
      said = await curlOnVisitor(lab, host, `http://${host}/`).catch(String);
      await sleep(500);
    }
    const found = seconds();
    say(`a new route is served after ${found.toFixed(1)} s`);
    return found;
  } finally {
    await update("--label-rm", `${ROUTER}.rule`, "--label-rm", `${ROUTER}.entrypoints`);
  }
}

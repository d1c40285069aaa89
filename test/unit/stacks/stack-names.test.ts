import { stackNames } from "../../../stacks/stack-names";

test("an entry takes two stacks of the platform's own beside the apps", () => {
  const apps = { whoami: {} };
  expect(stackNames({ apps })).toEqual(["whoami"]);
  expect(stackNames({ apps, entry: { domain: "swarm.test" } })).toEqual([
    "whoami",
    "socket-proxy",
    "traefik",
  ]);
});

import { composeHost } from "../../../stacks/compose-host";

test("an app has the host that it says, or its own below the domain", () => {
  const environment = {
    apps: { whoami: { host: "hello.example.test" }, blog: {} },
    entry: { domain: "swarm.test" },
  };
  expect(composeHost(environment, "whoami")).toBe("hello.example.test");
  expect(composeHost(environment, "blog")).toBe("blog.swarm.test");
});

test("without an entry an app has a host that leads nowhere", () => {
  expect(composeHost({ apps: { blog: {} } }, "blog")).toBe("blog.invalid");
});

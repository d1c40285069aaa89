import type { AppStatus, EntryStatus } from "../../../ops/entry-view";
import { renderEntry, renderWays } from "../../../ops/entry-ways";

const ENTRY: EntryStatus = { address: "10.77.0.10", holder: "node2" };
const LAB: EntryStatus = { ...ENTRY, http: "127.0.0.1:20080", https: "127.0.0.1:20443" };

const app = (name: string, host: string, ok = true): AppStatus => ({
  name,
  host,
  protected: false,
  ok,
});

describe("the lines of the status", () => {
  test("say who holds the address, how this computer reaches it, and which apps answer", () => {
    const apps = [app("whoami", "whoami.swarm.test"), app("blog", "blog.example.test", false)];
    expect(renderEntry({ entry: LAB, apps })).toEqual([
      "entry 10.77.0.10: held by node2, 80 at 127.0.0.1:20080, 443 at 127.0.0.1:20443",
      "whoami                   answers  https://whoami.swarm.test/",
      "blog                     silent   https://blog.example.test/",
    ]);
  });

  test("say that nobody holds it", () => {
    expect(renderEntry({ entry: { ...ENTRY, holder: null } })).toEqual([
      "entry 10.77.0.10: held by nobody",
    ]);
  });

  test("are none without an entry", () => {
    expect(renderEntry({})).toEqual([]);
    expect(renderWays({})).toEqual([]);
  });
});

describe("how to open an app", () => {
  test("in the lab, is by the ports that lead to the address", () => {
    expect(renderWays({ entry: LAB, apps: [app("whoami", "whoami.swarm.test")] })).toEqual([
      "",
      "to open whoami:",
      '  in this computer\'s browser: add "127.0.0.1 whoami.swarm.test" to /etc/hosts, then https://whoami.swarm.test:20443/',
      "  curl --insecure --resolve whoami.swarm.test:20443:127.0.0.1 https://whoami.swarm.test:20443/",
    ]);
  });

  test("needs nothing but the URL for a name that is this computer's anyway", () => {
    const [, , browser] = renderWays({ entry: LAB, apps: [app("a", "a.swarm.localhost")] });
    expect(browser).toBe("  in this computer's browser: https://a.swarm.localhost:20443/");
    const [, , other] = renderWays({ entry: LAB, apps: [app("a", "a.mylocalhost")] });
    expect(other).toContain("/etc/hosts");
  });

  test("elsewhere, is by the address itself", () => {
    expect(renderWays({ entry: ENTRY, apps: [app("whoami", "whoami.swarm.test")] })).toEqual([
      "",
      "to open whoami:",
      "  in a browser: have whoami.swarm.test lead to 10.77.0.10, then https://whoami.swarm.test/",
      "  curl --insecure --resolve whoami.swarm.test:443:10.77.0.10 https://whoami.swarm.test/",
    ]);
  });
});

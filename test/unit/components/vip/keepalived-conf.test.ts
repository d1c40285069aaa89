import fc from "fast-check";
import {
  type KeepalivedSpec,
  renderKeepalivedConf,
} from "../../../../components/vip/keepalived-conf";
import { SPEC } from "../../../support/keepalived-spec";

/** What stands behind a word at the beginning of a line. */
function valueOf(word: string, spec: Partial<KeepalivedSpec> = {}): string | undefined {
  const text = renderKeepalivedConf({ ...SPEC, ...spec });
  return new RegExp(`^ *${word} (.*)$`, "m").exec(text)?.[1];
}

test("keepalived's configuration is this text", () => {
  expect(renderKeepalivedConf(SPEC)).toBe(`# Generated; a step writes it anew.
global_defs {
    enable_script_security
    script_user root
    vrrp_version 3
}

vrrp_script entry {
    script "/usr/local/lib/swarmstead/check-entry"
    interval 0.5
    fall 2
    rise 2
    init_fail
}

vrrp_instance entry {
    state BACKUP
    nopreempt
    interface @interface@
    virtual_router_id 51
    priority 250
    advert_int 0.3
    unicast_src_ip 10.77.0.11
    track_src_ip
    unicast_peer {
        10.77.0.12 min_ttl 255
        10.77.0.13 min_ttl 255
    }
    higher_prio_send_advert
    garp_master_repeat 3
    garp_master_delay 1
    garp_master_refresh 10
    track_script {
        entry
    }
    virtual_ipaddress {
        10.77.0.10/32 dev @interface@ scope link
    }
}
`);
});

test("the settings are those of the environment", () => {
  const given = { routerId: 7, advertSeconds: 0.25, checkSeconds: 1.5 };
  expect(valueOf("virtual_router_id", given)).toBe("7");
  expect(valueOf("advert_int", given)).toBe("0.25");
  expect(valueOf("interval", given)).toBe("1.5");
});

test("priorities fall with the order, are no address owner's, and far apart for any number of managers", () => {
  const priorities = Array.from({ length: 8 }, (_, rank) => Number(valueOf("priority", { rank })));
  expect(priorities.slice(0, 3)).toEqual([250, 215, 180]);
  expect(Math.max(...priorities)).toBeLessThanOrEqual(254);
  expect(Math.min(...priorities)).toBeGreaterThanOrEqual(1);
  const steps = priorities.slice(1).map((priority, at) => (priorities[at] ?? 0) - priority);
  expect(Math.min(...steps)).toBeGreaterThanOrEqual(30);
});

test("a manager's priority does not depend on those that come after it", () => {
  expect(valueOf("priority", { rank: 1, peers: ["10.77.0.12"] })).toBe(
    valueOf("priority", { rank: 1, peers: SPEC.peers }),
  );
});

test("no check is weighed, and its line is the same for every environment, as a reload asks for", () => {
  fc.assert(
    fc.property(fc.integer({ min: 20, max: 1000 }), fc.array(fc.ipV4()), (check, peers) => {
      const text = renderKeepalivedConf({ ...SPEC, checkSeconds: check / 100, peers });
      expect(text).toContain('    script "/usr/local/lib/swarmstead/check-entry"\n');
      expect(text).not.toContain("weight");
    }),
  );
});

test("the only manager has nobody to talk to, and does not speak of unicast", () => {
  const text = renderKeepalivedConf({ ...SPEC, peers: [] });
  expect(text).not.toMatch(/unicast|peer|src_ip/);
  expect(text).toContain("nopreempt\n    interface @interface@\n");
});

import fc from "fast-check";
import { cephFsid, cephxKey, osdUuid } from "../../../../components/ceph/cephx";

const SEED = "0123456789abcdef".repeat(4);
const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const seeds = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString("hex"));
const names = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/);

describe("a cephx key", () => {
  test("is type 1, no time of creation, length 16 and 16 bytes, as CryptoKey::encode has them", () => {
    fc.assert(
      fc.property(seeds, fc.string(), (seed, entity) => {
        const text = cephxKey(seed, entity);
        const bytes = Buffer.from(text, "base64");
        expect(bytes.toString("base64")).toBe(text);
        expect(bytes).toHaveLength(28);
        expect(bytes.readUInt16LE(0)).toBe(1);
        expect(bytes.subarray(2, 10)).toEqual(Buffer.alloc(8));
        expect(bytes.readUInt16LE(10)).toBe(16);
        expect(bytes.subarray(12)).not.toEqual(Buffer.alloc(16));
      }),
    );
  });

  test("is another for another entity or another seed, and the same at every time", () => {
    fc.assert(
      fc.property(seeds, seeds, fc.string(), fc.string(), (seed, other, entity, another) => {
        const key = cephxKey(seed, entity);
        expect(cephxKey(seed, entity)).toBe(key);
        expect(cephxKey(other, entity) === key).toBe(other === seed);
        expect(cephxKey(seed, another) === key).toBe(another === entity);
      }),
    );
  });
});

test("keys and ids of a seed never change: clusters that run were given them", () => {
  expect(cephxKey(SEED, "mds.node1")).toBe("AQAAAAAAAAAAABAAoVmUCGpqP1UAGHsB28Deig==");
  expect(cephFsid(SEED)).toBe("8268bb5a-5e5a-4d74-8717-0bb4776e71f6");
  expect(osdUuid(SEED, "node1", 1, "/dev/disk/by-id/virtio-data")).toBe(
    "259fe52d-ac1e-410a-8ece-d4517d91bc50",
  );
});

test("ids are valid UUIDs of version 4, whatever the seed, and the same at every time", () => {
  fc.assert(
    fc.property(seeds, names, fc.nat(), names, (seed, machine, generation, device) => {
      const ids = (): string[] => [cephFsid(seed), osdUuid(seed, machine, generation, device)];
      const [fsid, osd] = ids();
      expect(fsid).toMatch(UUID_V4);
      expect(osd).toMatch(UUID_V4);
      expect(osd).not.toBe(fsid);
      expect(ids()).toEqual([fsid, osd]);
    }),
  );
});

test("an OSD's id is another for another seed, machine, generation or disk", () => {
  const all = [
    osdUuid(SEED, "node1", 1, "a"),
    osdUuid(`${SEED}0`, "node1", 1, "a"),
    osdUuid(SEED, "node2", 1, "a"),
    osdUuid(SEED, "node1", 2, "a"),
    osdUuid(SEED, "node1", 1, "b"),
  ];
  expect(new Set(all).size).toBe(all.length);
});
